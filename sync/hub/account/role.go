package account

import (
	"slices"

	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
)

// A Role is what somebody is at the hub.
type Role string

// The roles that log in.
const (
	Superuser Role = "superuser" // an employee who also looks after accounts, screens and what is kept
	Employee  Role = "employee"  // looks after people and content of their departments
	Auditor   Role = "auditor"   // reads what was done, and the registers; no content
	Support   Role = "support"   // the processor's: how the hub and the screens are; nobody
)

// Roles returns all of them.
func Roles() []Role { return []Role{Superuser, Employee, Auditor, Support} }

// A Right is what a role may or may not do. Each page asks for one.
type Right string

// The rights. The first three are everybody's: whoever comes, whoever has a
// password right and still owes the second proof, whoever is logged in.
const (
	Public Right = "public"
	Half   Right = "half"
	Self   Right = "self"

	Content   Right = "content"   // activities, meals, roster, news, pictures and the rest of what screens show
	People    Right = "people"    // who lives and works there, and what they chose
	Accounts  Right = "accounts"  // who may log in, as what
	Screens   Right = "screens"   // which screens are let in, and what they show
	Settings  Right = "settings"  // the house itself: departments, who is responsible, how long things are kept
	Export    Right = "export"    // copies of what is kept
	Erase     Right = "erase"     // for good
	Audit     Right = "audit"     // what was done
	Registers Right = "registers" // what has to be written down by law
	Health    Right = "health"    // how the hub and the screens are, without anybody
)

// Rights returns those that depend on the role.
func Rights() []Right {
	return []Right{Content, People, Accounts, Screens, Settings, Export, Erase, Audit, Registers, Health}
}

// may is the matrix of roles and rights.
var may = map[Role][]Right{
	Superuser: Rights(),
	Employee:  {Content, People},
	Auditor:   {Audit, Registers},
	Support:   {Health},
}

// May reports whether somebody of this role may do something once they are wholly
// logged in.
func (r Role) May(do Right) bool {
	if do == Public || do == Half || do == Self {
		return true
	}
	return slices.Contains(may[r], do)
}

// A Visitor is somebody who is logged in.
type Visitor struct {
	store.Account
	Session store.Session
}

// Is returns their role.
func (v *Visitor) Is() Role { return Role(v.Role) }

// May reports whether they may do something now.
func (v *Visitor) May(do Right) bool {
	if v.Session.Partial && do != Half && do != Public {
		return false
	}
	return v.Is().May(do)
}

// Actor returns who they are to the audit.
func (v *Visitor) Actor() store.Actor {
	return store.Actor{Org: v.Org, Kind: store.ByStaff, ID: v.ID}
}

// Reaches reports whether something of a department is theirs to look after: one
// they work in, or any for a superuser. What belongs to no department is
// everybody's.
func (v *Visitor) Reaches(departments ...house.ID) bool {
	if v.Is() == Superuser || len(departments) == 0 {
		return true
	}
	return slices.ContainsFunc(departments, func(d house.ID) bool { return slices.Contains(v.Departments, d) })
}
