package house

import "tavle/sync/record"

// An Activity is something people of a department can join.
type Activity struct {
	ID         ID          `key:"id"`
	Department ID          `key:"department,opt" ref:"department"` // absent: the first of the file
	Title      record.Text `key:"title"`
	Text       record.Text `key:"text,opt" max:"4000"`
	Place      record.Text `key:"place,opt"`
	Pictogram  string      `key:"pictogram,opt" max:"40"`
	Picture    Picture     `key:"picture,opt"` // of the place or the thing, not of people
	Sound      Picture     `key:"sound,opt"`   // what staff say of it themselves
	Starts     Wall        `key:"starts" window:"from"`
	Ends       Wall        `key:"ends" window:"until"`
	Capacity   int         `key:"capacity,opt" max:"10000"` // absent: no limit
	Deadline   Wall        `key:"signup_deadline,opt"`      // absent: when it starts
	SignUps    []SignUp    `key:"signups,opt" max:"10000" data:"signup"`
	Waitlist   []Waiter    `key:"waitlist,opt" max:"10000" data:"signup"`
	Bring      Bring       `key:"bring,opt" max:"20"`
	SharedWith []ID        `key:"shared_with,opt" ref:"department external_system" max:"1000"`
	Price      int         `key:"price_dkk,opt" max:"100000"` // whole kroner
	Leader     ID          `key:"leader,opt" ref:"staff resident"`
	Leaders    []ID        `key:"leaders,opt" ref:"staff resident" max:"20"` // more of them
	Status     string      `key:"status,opt" oneof:"planned cancelled"`      // absent: planned
}

// Led returns who leads it, each once.
func (a Activity) Led() []ID {
	if a.Leader == "" {
		return a.Leaders
	}
	led := []ID{a.Leader}
	for _, id := range a.Leaders {
		if id != a.Leader {
			led = append(led, id)
		}
	}
	return led
}

// A SignUp is somebody who takes part.
type SignUp struct {
	Person ID     `key:"person" ref:"resident former"`
	Via    string `key:"via,opt" oneof:"wall app manager auto"`
	Dish   string `key:"dish,opt" oneof:"main alternative"` // of a meal; absent: main
}

// A Waiter is somebody who takes part once there is a place: a SignUp that is
// written as the person's ID alone when nothing else is known.
type Waiter SignUp

// An Item is something to bring along.
type Item struct {
	Title     record.Text `key:"title"`
	Pictogram string      `key:"pictogram,opt" max:"40"`
}

// Bring is what to bring along: a list of items, or, when it is one without a
// pictogram, its text alone.
type Bring []Item

// A Meal is a meal people of a department can join.
type Meal struct {
	ID          ID          `key:"id"`
	Department  ID          `key:"department,opt" ref:"department"`
	Kind        string      `key:"kind" oneof:"breakfast lunch dinner"`
	Served      Wall        `key:"served" window:"on"`
	Deadline    Wall        `key:"signup_deadline,opt"` // absent: when it is served
	Title       record.Text `key:"title"`
	Allergens   []string    `key:"allergens,opt" max:"14" oneof:"gluten crustaceans eggs fish peanuts soybeans milk nuts celery mustard sesame sulphites lupin molluscs"`
	Diet        []string    `key:"diet,opt" max:"10" oneof:"vegetarian vegan halal kosher pescatarian"`
	Pictogram   string      `key:"pictogram,opt" max:"40"`
	Picture     Picture     `key:"picture,opt"`
	Sound       Picture     `key:"sound,opt"` // what staff say of the dish
	Alternative *Dish       `key:"alternative,opt"`
	Cook        ID          `key:"cook,opt" ref:"resident staff" data:"duty"`
	SignUps     []SignUp    `key:"signups,opt" max:"10000" data:"signup"`
	OptOuts     []SignUp    `key:"opt_outs,opt" max:"10000" data:"signup"` // whom no rule may sign up any more
	SharedWith  []ID        `key:"shared_with,opt" ref:"department external_system" max:"1000"`
}

// A Dish is another dish of a meal.
type Dish struct {
	Title     record.Text `key:"title"`
	Pictogram string      `key:"pictogram,opt" max:"40"`
	Picture   Picture     `key:"picture,opt"`
	Allergens []string    `key:"allergens,opt" max:"14" oneof:"gluten crustaceans eggs fish peanuts soybeans milk nuts celery mustard sesame sulphites lupin molluscs"`
	Diet      []string    `key:"diet,opt" max:"10" oneof:"vegetarian vegan halal kosher pescatarian"`
}

// News is something to read.
type News struct {
	ID         ID          `key:"id"`
	Department ID          `key:"department,opt" ref:"department"`
	Published  Wall        `key:"published" window:"from"`
	Expires    Wall        `key:"expires,opt" window:"until"`
	Author     ID          `key:"author,opt" ref:"staff resident"`
	Pinned     bool        `key:"pinned,opt"`
	Pictogram  string      `key:"pictogram,opt" max:"40"`
	Picture    Picture     `key:"picture,opt"`
	Sound      Picture     `key:"sound,opt"`            // the text as staff read it
	Photos     []Photo     `key:"photos,opt" max:"100"` // more to look at, besides the picture
	Title      record.Text `key:"title"`
	Text       record.Text `key:"text,opt" max:"4000"`
	Hidden     bool        `key:"hidden,opt"` // staff took it off the screens
}

// A Roster is who works when. In a file it is one per system; every shift has
// its department.
type Roster struct {
	Plan
	Shifts []Shift `key:"shifts,opt" max:"20000"`
}

// A Plan is what the shifts of a system have in common.
type Plan struct {
	Types map[string]ShiftType `key:"types,opt" max:"40"`
	Rules *RosterRules         `key:"rules,opt"`
}

// A ShiftType is a kind of shift and when it usually is.
type ShiftType struct {
	Label     record.Text `key:"label"`
	From      Clock       `key:"from,opt"`
	To        Clock       `key:"to,opt"`
	Pictogram string      `key:"pictogram,opt" max:"40"`
}

// RosterRules is what a plan must keep to.
type RosterRules struct {
	MinRestHours  int `key:"min_rest_hours,opt" max:"100"`
	MaxShiftsWeek int `key:"max_shifts_per_week,opt" max:"50"`
}

// A Shift is somebody at work.
type Shift struct {
	ID         ID     `key:"id"`
	Department ID     `key:"department,opt" ref:"department"`
	Person     ID     `key:"person,opt" ref:"staff" data:"duty"` // absent: nobody yet
	Type       string `key:"type" max:"40"`                      // a key of [Plan].Types
	From       Wall   `key:"from" window:"from"`
	To         Wall   `key:"to" window:"until"`
	ContactFor []ID   `key:"contact_for,opt" ref:"resident" max:"100" data:"duty"`
}
