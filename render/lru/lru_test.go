package lru

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatWasUsedLongestAgoGoesFirst(t *testing.T) {
	c := New[string, int](30)
	c.Add("a", 1, 10)
	c.Add("b", 2, 10)
	c.Add("c", 3, 10)
	_, ok := c.Get("a")
	require.True(t, ok)
	c.Add("d", 4, 10)

	_, ok = c.Get("b")
	require.False(t, ok, "b was used longest ago")
	for _, k := range []string{"a", "c", "d"} {
		_, ok = c.Get(k)
		require.True(t, ok, k)
	}
}

func TestOneValueLargerThanTheLimitIsKeptUntilTheNext(t *testing.T) {
	c := New[string, int](10)
	c.Add("a", 1, 5)
	c.Add("huge", 2, 1000)
	_, ok := c.Get("huge")
	require.True(t, ok)
	require.Equal(t, 1, c.Len())
	c.Add("b", 3, 5)
	require.Equal(t, 5, c.Bytes())
}

func TestAddingAgainReplacesAndCountsOnce(t *testing.T) {
	c := New[string, int](100)
	c.Add("a", 1, 60)
	c.Add("a", 2, 30)
	v, _ := c.Get("a")
	require.Equal(t, 2, v)
	require.Equal(t, 30, c.Bytes())
	c.Clear()
	require.Zero(t, c.Bytes())
	require.Zero(t, c.Len())
}

// A slice in order of use is the model.
func TestRandomUseAgreesWithTheModel(t *testing.T) {
	type kept struct{ key, size int }
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 0))
		c := New[int, int](100)
		var model []kept // first: used longest ago
		for range 2000 {
			k := r.IntN(20)
			at := slices.IndexFunc(model, func(m kept) bool { return m.key == k })
			if r.IntN(2) == 0 {
				_, ok := c.Get(k)
				require.Equal(t, at >= 0, ok, "seed %d", seed)
				if at >= 0 {
					m := model[at]
					model = append(slices.Delete(model, at, at+1), m)
				}
				continue
			}
			size := r.IntN(60)
			c.Add(k, size, size)
			if at >= 0 {
				model = slices.Delete(model, at, at+1)
			}
			model = append(model, kept{k, size})
			sum := 0
			for _, m := range model {
				sum += m.size
			}
			for sum > 100 && len(model) > 1 {
				sum -= model[0].size
				model = model[1:]
			}
			require.Equal(t, sum, c.Bytes(), "seed %d", seed)
			require.Equal(t, len(model), c.Len(), "seed %d", seed)
		}
	}
}

func TestDropLetsGoOfWhatFits(t *testing.T) {
	c := New[int, string](100)
	for k := range 10 {
		c.Add(k, "v", 10)
	}
	c.Drop(func(k int) bool { return k%2 == 0 })
	if c.Len() != 5 || c.Bytes() != 50 {
		t.Errorf("%d values of %d bytes left", c.Len(), c.Bytes())
	}
	if _, ok := c.Get(4); ok {
		t.Error("4 is still there")
	}
}

func TestLowerLimitLetsGoOfTheOldest(t *testing.T) {
	c := New[int, string](30)
	for i := range 3 {
		c.Add(i, "", 10)
	}
	c.Limit(10)
	if _, ok := c.Get(2); !ok || c.Len() != 1 || c.Bytes() != 10 {
		t.Errorf("kept %d of %d bytes, the newest: %v", c.Len(), c.Bytes(), ok)
	}
	c.Limit(0)
	if c.Len() != 1 {
		t.Error("the one that was used last is gone: every frame would make it anew")
	}
}
