package house

import (
	"slices"
	"strings"
	"time"

	"tavle/sync/policy"
)

// At returns the answer as it stands on day: an acceptance that has ended is no
// acceptance.
func (a Acceptance) At(day Day) AcceptanceState {
	if a.State == Accepted && a.Until != "" && day > a.Until {
		return NotAsked
	}
	return a.State
}

// Ends returns the moment the acceptance ends, in the zone of the department;
// zero when it does not.
func (a Acceptance) Ends(zone *time.Location) time.Time {
	if a.Until == "" {
		return time.Time{}
	}
	return a.Until.Add(1).Start(zone)
}

// Policy returns what a decision about r on day depends on.
func (r Resident) Policy(day Day) policy.Person {
	return policy.Person{
		Kind: policy.Resident, Lifecycle: r.Lifecycle.policy(), Acceptance: r.Acceptance.At(day).policy(),
		Hidden: r.Choices.Hidden, Alias: r.Choices.NameMode == "alias", Photo: r.Choices.Photo && r.Photo != "",
		Tagged: r.Choices.Tagged, External: r.Choices.External && outside(r.Acceptance, r.Consents, day), Relatives: r.Choices.Relatives,
		PrivateOnWall: r.Choices.Private,
	}
}

// Policy returns what a decision about s on day depends on.
func (s Staff) Policy(day Day) policy.Person {
	return policy.Person{
		Kind: policy.Staff, Lifecycle: s.Lifecycle.policy(), Acceptance: s.Acceptance.At(day).policy(),
		Hidden: s.Choices.Hidden, Alias: s.Choices.NameMode == "alias", Photo: s.Choices.Photo && s.Photo != "",
		Roster: s.Choices.Roster, Tagged: s.Choices.Tagged, External: s.Choices.External && outside(s.Acceptance, s.Consents, day),
	}
}

// Policy returns what a decision about f depends on.
func (f Former) Policy(Day) policy.Person {
	return policy.Person{Kind: policy.Resident, Lifecycle: policy.Anonymised, Acceptance: policy.NotAsked}
}

func (l Lifecycle) policy() policy.Lifecycle {
	switch l {
	case "", Active:
		return policy.Active
	case Anonymised:
		return policy.Anonymised
	}
	return policy.Left
}

func (s AcceptanceState) policy() policy.Acceptance {
	switch s {
	case Accepted:
		return policy.Accepted
	case Declined:
		return policy.Declined
	}
	return policy.NotAsked
}

// An AutoMeal is a meal somebody wants to be signed up for every week, such as
// "dinner:mon".
type AutoMeal string

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Fits reports whether a is about this meal.
func (a AutoMeal) Fits(m Meal) bool {
	kind, day, _ := strings.Cut(string(a), ":")
	return kind == m.Kind && day == weekdays[m.Served.In(time.UTC).Weekday()]
}

func (a AutoMeal) written() bool {
	kind, day, _ := strings.Cut(string(a), ":")
	return slices.Contains([]string{"breakfast", "lunch", "dinner"}, kind) && slices.Contains(weekdays, day)
}

// WantsMeal reports whether r accepted on day to be signed up for meals such as
// m without being asked again.
func (r *Resident) WantsMeal(m *Meal, day Day) bool {
	return r.Lifecycle.policy() == policy.Active && r.Acceptance.At(day) == Accepted && r.Department == m.Department &&
		slices.ContainsFunc(r.Choices.AutoMeals, func(a AutoMeal) bool { return a.Fits(*m) })
}
