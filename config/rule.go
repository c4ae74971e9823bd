package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A rule is what values are allowed. It may bring a value into the form the
// program wants.
type rule[T any] struct {
	allowed string
	check   func(v *T, folder string) problem // nil: every value is
}

// refuse says why a value is not allowed.
func refuse(format string, args ...any) problem {
	return problem{NotAllowed, fmt.Sprintf(format, args...)}
}

// anything is the rule of a kind whose every value is allowed.
func anything[T any](allowed string) rule[T] { return rule[T]{allowed: allowed} }

// oneOf allows these values only.
func oneOf[T comparable](values ...T) rule[T] {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = quoted(v)
	}
	return rule[T]{list(words), func(v *T, _ string) problem {
		if !slices.Contains(values, *v) {
			return refuse("%s is not one of them", quoted(*v))
		}
		return problem{}
	}}
}

// quoted writes a value into a message: short, in one line.
func quoted(v any) string {
	s, ok := v.(string)
	if !ok {
		return fmt.Sprint(v)
	}
	if r := []rune(s); len(r) > 200 {
		s = string(r[:200]) + "…"
	}
	return strconv.Quote(s)
}

// between allows the numbers from low to high, in a unit (plural, or "").
func between[T int | float64](low, high T, unit string) rule[T] {
	return rule[T]{strings.TrimSpace(fmt.Sprintf("%v to %v %s", low, high, unit)), func(v *T, _ string) problem {
		// NaN is neither.
		if !(*v >= low && *v <= high) {
			return refuse("%v is out of bounds", *v)
		}
		return problem{}
	}}
}

// or0 allows 0 besides what r does, which means meaning.
func or0[T int | float64](meaning string, r rule[T]) rule[T] {
	return rule[T]{"0 (" + meaning + ") or " + r.allowed, func(v *T, folder string) problem {
		if *v == 0 {
			return problem{}
		}
		return r.check(v, folder)
	}}
}

// orEmpty allows "" besides what r does, which means meaning.
func orEmpty(meaning string, r rule[string]) rule[string] {
	return rule[string]{`"" (` + meaning + ") or " + r.allowed, func(v *string, folder string) problem {
		if *v == "" {
			return problem{}
		}
		return r.check(v, folder)
	}}
}

// each allows a list of at most n different items that r allows.
func each(n int, r rule[string]) rule[[]string] {
	return rule[[]string]{fmt.Sprintf("at most %d, each %s", n, r.allowed), func(v *[]string, folder string) problem {
		if len(*v) > n {
			return refuse("%d items are too many", len(*v))
		}
		for i := range *v {
			if bad := r.check(&(*v)[i], folder); bad.what != "" {
				bad.what = fmt.Sprintf("item %d: %s", i+1, bad.what)
				return bad
			}
			if slices.Contains((*v)[:i], (*v)[i]) {
				return problem{Duplicate, fmt.Sprintf("item %d: stands there already", i+1)}
			}
		}
		return problem{}
	}}
}
