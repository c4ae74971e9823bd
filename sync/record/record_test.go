package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

type holder struct {
	ID   PersonID
	Name Name
	name Name
}

// A name is a type that cannot be printed: not by fmt, whatever the verb and
// wherever it sits, not by slog, not by a marshaller.
func TestNameNeverPrints(t *testing.T) {
	h := holder{"p1", NameOf("Kanariefugl"), NameOf("Kanariefugl")}
	_ = h.name
	leak := func(s string) bool {
		return strings.Contains(s, "Kanarie") || strings.Contains(s, fmt.Sprintf("%x", "Kanarie"))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p"} {
		for _, v := range []any{h, &h, h.Name, &h.Name, []holder{h}, map[string]holder{"a": h}, Person{Name: h.Name}, fmt.Errorf("x: %v", h.Name)} {
			require.False(t, leak(fmt.Sprintf(verb, v)), "%s of %T", verb, v)
		}
	}
	for _, mk := range []func(*bytes.Buffer) slog.Handler{
		func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
	} {
		var b bytes.Buffer
		slog.New(mk(&b)).Info("m", "who", h, "n", h.Name, "list", []holder{h})
		require.False(t, leak(b.String()))
	}
	j, err := json.Marshal(h)
	require.NoError(t, err)
	require.False(t, leak(string(j)))
}

func TestNamesCompare(t *testing.T) {
	again := NameOf("Åse")
	require.Equal(t, NameOf("Åse"), again)
	require.NotEqual(t, NameOf("Åse"), NameOf("Bo"))
	require.True(t, NameOf("").IsZero())
	require.Empty(t, Name{}.Reveal())
	require.Equal(t, "Åse", NameOf("Åse").Reveal())
}

func TestTextFallsBackToANeighbour(t *testing.T) {
	text := Text{Danish: "Gåtur", Bokmal: "Tur"}
	for _, c := range []struct {
		langs []Lang
		want  string
		in    Lang
	}{
		{[]Lang{Bokmal}, "Tur", Bokmal},
		{[]Lang{English, Bokmal}, "Tur", Bokmal},
		{[]Lang{English}, "Gåtur", Danish},
		{nil, "Gåtur", Danish},
	} {
		s, l := text.In(c.langs...)
		require.Equal(t, c.want, s)
		require.Equal(t, c.in, l)
	}
	s, l := Text{"so": "B", "pl": "A"}.In(Danish)
	require.Equal(t, "A", s)
	require.EqualValues(t, "pl", l)
	s, _ = Text{}.In(Danish)
	require.Empty(t, s)
	require.True(t, Text{Danish: ""}.IsZero())
}

func TestSumDoesNotDependOnOrder(t *testing.T) {
	a := Row{Key{KindPerson, "p1"}, []byte(`{"name":"A"}`)}
	b := Row{Key{KindPerson, "p2"}, []byte(`{"name":"B"}`)}
	var s Sum
	require.Equal(t, s.Add(a.Hash()).Add(b.Hash()), s.Add(b.Hash()).Add(a.Hash()))
	require.Equal(t, s.Add(a.Hash()), s.Add(a.Hash()).Add(b.Hash()).Sub(b.Hash()))
	back, err := ParseSum(s.Add(a.Hash()).String())
	require.NoError(t, err)
	require.Equal(t, s.Add(a.Hash()), back)
	_, err = ParseSum("12")
	require.Error(t, err)
	_, err = ParseSum("zzzzzzzzzzzzzzzz")
	require.Error(t, err)
}

// Kind, ID and body cannot run into each other.
func TestHashKeepsPartsApart(t *testing.T) {
	a := Row{Key{"ab", "c"}, []byte("d")}
	b := Row{Key{"a", "bc"}, []byte("d")}
	c := Row{Key{"ab", "cd"}, nil}
	require.NotEqual(t, a.Hash(), b.Hash())
	require.NotEqual(t, a.Hash(), c.Hash())
	require.Equal(t, uint64(0xcb2281bc9bb8ea1b), Row{Key{"k", "i"}, []byte("{}")}.Hash(), "the first eight bytes of SHA-256")
}

func TestFactsShareWhatDidNotChange(t *testing.T) {
	p1 := Person{ID: "p1", Name: NameOf("A"), Photo: "sha256-a"}
	one := (*Facts)(nil).With(Position{Epoch: "e", Rev: 1}, []Change{
		{Key{KindPerson, "p1"}, p1},
		{Key{KindActivity, "a1"}, Activity{ID: "a1", Picture: "sha256-b"}},
		{Key{KindHouse, HouseID}, House{Zone: "UTC"}},
		{Key{"future", "x"}, nil},
	})
	two := one.With(Position{Epoch: "e", Rev: 2}, []Change{{Key{KindPerson, "p1"}, nil}, {Key{KindPerson, "p2"}, Person{ID: "p2"}}})
	require.Contains(t, one.People, PersonID("p1"), "what was is not changed")
	require.NotContains(t, two.People, PersonID("p1"))
	require.Contains(t, two.People, PersonID("p2"))
	require.Equal(t, one.Activities, two.Activities)
	require.Equal(t, "UTC", two.House.Zone)
	require.Equal(t, map[AssetID]bool{"sha256-a": true, "sha256-b": true}, one.Assets())
	require.Equal(t, map[AssetID]bool{"sha256-b": true}, two.Assets())
	require.Empty(t, (*Facts)(nil).Assets())
}

// Every kind of fact comes, is counted for its picture, and goes; then the board
// says nothing again.
func TestFactsOfEveryKindComeAndGo(t *testing.T) {
	at := Position{Epoch: "e", Rev: 1}
	var come, gone []Change
	for key, fact := range map[Key]Fact{
		{KindHouse, HouseID}:  House{Zone: "UTC"},
		{KindPerson, "p"}:     Person{ID: "p", Photo: "sha256-p"},
		{KindActivity, "a"}:   Activity{ID: "a", Picture: "sha256-a"},
		{KindMeal, "m"}:       Meal{ID: "m", Picture: "sha256-m"},
		{KindShift, "s"}:      Shift{ID: "s"},
		{KindMeeting, "g"}:    Meeting{ID: "g"},
		{KindProposal, "q"}:   Proposal{ID: "q"},
		{KindResource, "r"}:   Resource{ID: "r"},
		{KindBooking, "b"}:    Booking{ID: "b"},
		{KindGroup, "h"}:      Group{ID: "h"},
		{KindNews, "n"}:       News{ID: "n", Picture: "sha256-n", Photos: []Photo{{Asset: "sha256-o"}}},
		{KindAlbum, "al"}:     Album{ID: "al", Photos: []Photo{{Asset: "sha256-b"}}},
		{KindDocument, "d"}:   Document{ID: "d"},
		{KindVideo, "v"}:      Video{ID: "v", Film: "sha256-v", Poster: "sha256-w"},
		{KindWeather, "w"}:    Weather{ID: "w"},
		{KindPresence, "z"}:   Presence{ID: "z"},
		{KindPoll, "y"}:       Poll{ID: "y"},
		{Kind("future"), "f"}: nil,
	} {
		come, gone = append(come, Change{key, fact}), append(gone, Change{key, nil})
	}
	full := (*Facts)(nil).With(at, come)
	require.Equal(t, map[AssetID]bool{
		"sha256-p": true, "sha256-a": true, "sha256-m": true, "sha256-n": true, "sha256-o": true, "sha256-b": true, "sha256-v": true, "sha256-w": true,
	}, full.Assets())
	require.Len(t, full.Shifts, 1)
	for i := range come {
		if come[i].Fact != nil {
			require.False(t, (*Facts)(nil).With(Position{}, come[i:i+1]).Empty(), "%s", come[i].Key.Kind)
		}
	}
	none := full.With(Position{}, gone)
	require.True(t, none.Empty())
	require.Empty(t, none.Assets())
	require.True(t, (*Facts)(nil).Empty())
	require.False(t, none.With(at, nil).Empty(), "a board that is known to be empty")
}

// Positions are for logs: where, and nothing of what is there.
func TestPositionsSayWhere(t *testing.T) {
	require.Equal(t, "00000000000000a1@7", Position{Epoch: "00000000000000a1", Rev: 7, Sum: 9}.String())
	require.True(t, Position{Rev: 7}.IsZero())
	require.False(t, Position{Epoch: "e"}.IsZero())
}
