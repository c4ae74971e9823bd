// Package lru keeps things that can be made again, up to a number of bytes:
// glyphs, lines of text, icons, pictures. What was used longest ago goes first.
//
// It does not measure anything itself: whoever adds a value says what it costs.
package lru

// A Cache keeps values by key. It is not safe for concurrent use.
type Cache[K comparable, V any] struct {
	limit int
	bytes int
	items map[K]*item[K, V]
	ends  item[K, V] // ends.next was used last, ends.prev longest ago
}

type item[K comparable, V any] struct {
	key        K
	value      V
	size       int
	prev, next *item[K, V]
}

// New returns an empty cache that keeps at most limit bytes, or one value that
// is larger than that: without it, such a value would be made for every frame.
func New[K comparable, V any](limit int) *Cache[K, V] {
	c := &Cache[K, V]{limit: limit}
	c.Clear()
	return c
}

// Get returns the value for k and counts as a use of it.
func (c *Cache[K, V]) Get(k K) (V, bool) {
	it, ok := c.items[k]
	if !ok {
		var zero V
		return zero, false
	}
	it.unlink()
	c.front(it)
	return it.value, true
}

// Add keeps v for k, in place of what was kept for it before. Size is what v
// costs, in bytes. Others are let go until everything fits.
func (c *Cache[K, V]) Add(k K, v V, size int) {
	if old, ok := c.items[k]; ok {
		c.remove(old)
	}
	it := &item[K, V]{key: k, value: v, size: size}
	c.items[k] = it
	c.bytes += size
	c.front(it)
	for c.bytes > c.limit && c.ends.prev != it {
		c.remove(c.ends.prev)
	}
}

// Limit sets how many bytes are kept, and lets go of what is too much by then.
func (c *Cache[K, V]) Limit(bytes int) {
	c.limit = bytes
	for c.bytes > c.limit && len(c.items) > 1 {
		c.remove(c.ends.prev)
	}
}

// Clear lets go of everything.
func (c *Cache[K, V]) Clear() {
	c.items = map[K]*item[K, V]{}
	c.bytes = 0
	c.ends.prev, c.ends.next = &c.ends, &c.ends
}

// Len returns how many values are kept.
func (c *Cache[K, V]) Len() int { return len(c.items) }

// Bytes returns what the kept values cost together.
func (c *Cache[K, V]) Bytes() int { return c.bytes }

func (c *Cache[K, V]) front(it *item[K, V]) {
	it.prev, it.next = &c.ends, c.ends.next
	it.prev.next, it.next.prev = it, it
}

func (c *Cache[K, V]) remove(it *item[K, V]) {
	it.unlink()
	delete(c.items, it.key)
	c.bytes -= it.size
}

func (it *item[K, V]) unlink() { it.prev.next, it.next.prev = it.next, it.prev }

// Drop lets go of every value whose key fits.
func (c *Cache[K, V]) Drop(fits func(K) bool) {
	for k, it := range c.items {
		if fits(k) {
			c.remove(it)
		}
	}
}
