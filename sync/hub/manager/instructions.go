package manager

import (
	"slices"

	"tavle/sync/hub/account"
	"tavle/sync/hub/house"
	"tavle/sync/hub/store"
	"tavle/sync/record"
)

// What whoever is responsible instructs the hub to do (R-DPA-01): every version, with the
// day it is in force from, and what somebody held to be against the law in it (R-DPA-11).
// Which modules are sent to screens hangs on it; see hub's load.go.
var _ = add(page{Name: "instructions", Routes: []route{
	{"GET /registers/instructions", account.Registers, (*visit).instructions},
	{"GET /registers/instructions/new", account.Settings, (*visit).newInstruction},
	{"POST /registers/instructions/new", account.Settings, (*visit).makeInstruction},
	{"GET /registers/instructions/{id}/challenge", account.Settings, (*visit).askChallenge},
	{"POST /registers/instructions/{id}/challenge", account.Settings, (*visit).challenge},
}})

const instructionsPath = "/registers/instructions"

// An instructionLine is a version of the instruction.
type instructionLine struct {
	house.Entry
	State      string // "in_force", "coming", "past"
	Said       []input
	Challenges []house.Entry
}

// instructionLines returns every version, the newest first.
func (v *visit) instructionLines(s store.View) (out []instructionLine, err error) {
	now, _, err := v.clockOf(s)
	if err != nil {
		return nil, err
	}
	all, err := store.All[house.Entry](v.ctx(), s)
	if err != nil {
		return nil, err
	}
	p := partOf("instruction")
	f, err := v.former(s, []house.Field{p.Field})
	in, _ := house.InForce(all, now.Day())
	for _, e := range all {
		switch {
		case e.Challenge != nil:
			if i := slices.IndexFunc(out, func(x instructionLine) bool { return x.ID == e.Challenge.Of }); i >= 0 {
				out[i].Challenges = append(out[i].Challenges, e)
			}
		case e.Instruction != nil && err == nil:
			x := instructionLine{Entry: e, State: "past", Said: p.said(f, &e)}
			switch {
			case e.ID == in.ID:
				x.State = "in_force"
			case e.Instruction.Effective > now.Day():
				x.State = "coming"
			}
			out = append(out, x)
		}
	}
	slices.Reverse(out)
	return out, err
}

func (v *visit) instructions() error {
	var out []instructionLine
	err := v.see(func(s store.View) (err error) {
		out, err = v.instructionLines(s)
		return err
	})
	if err != nil {
		return err
	}
	return v.show("instructions", out)
}

// instructionForm is how the form of a new version begins.
var instructionForm = entryForm{Path: instructionsPath + "/new", Back: instructionsPath, Title: "instructions.new", Text: "instructions.new.text", Go: "instructions.new.go"}

func (v *visit) newInstruction() error {
	return v.draftEntry(instructionForm, partOf("instruction"), func(now house.Wall, all []house.Entry) house.Entry {
		if in, ok := house.InForce(all, now.Day()); ok {
			next := *in.Instruction
			next.Effective = now.Day()
			return house.Entry{Instruction: &next}
		}
		return house.Entry{Instruction: &house.Instruction{
			Effective: now.Day(), Change: "agreed", Transfers: "none", Modules: house.DefaultModules,
			Purposes: v.t("instructions.purposes"), Retention: v.t("instructions.retention"),
		}}
	})
}

func (v *visit) makeInstruction() error {
	e := &house.Entry{Instruction: &house.Instruction{}}
	ok, err := v.addEntry(instructionForm, partOf("instruction"), e, func(f *former, now house.Wall, all []house.Entry) {
		var was *house.Instruction
		if in, ok := house.InForce(all, now.Day()); ok {
			was = in.Instruction
		}
		for _, key := range e.Instruction.Mistakes(now.Day(), was) {
			f.wrong("instruction."+key, "instruction."+key, "n", e.Instruction.NoticeDays())
		}
	})
	if err != nil || !ok {
		return err
	}
	return v.done(instructionsPath, "instruction")
}

// challengeForm is how the form of a challenge begins.
func (v *visit) challengeForm() entryForm {
	return entryForm{Path: instructionsPath + "/" + string(v.id()) + "/challenge", Back: instructionsPath, Title: "challenge.title", Text: "challenge.text", Go: "challenge.go"}
}

// instructionAt makes sure that the address names an instruction.
func (v *visit) instructionAt() error {
	return v.see(func(s store.View) error {
		e, err := store.Get[house.Entry](v.ctx(), s, v.id())
		if err == nil && e.Instruction == nil {
			err = store.ErrNotFound
		}
		return err
	})
}

func (v *visit) askChallenge() error {
	if err := v.instructionAt(); err != nil {
		return err
	}
	return v.draftEntry(v.challengeForm(), partOf("challenge", "reason"), func(house.Wall, []house.Entry) house.Entry {
		return house.Entry{Challenge: &house.Challenge{}}
	})
}

func (v *visit) challenge() error {
	if err := v.instructionAt(); err != nil {
		return err
	}
	ok, err := v.addEntry(v.challengeForm(), partOf("challenge", "reason"), &house.Entry{Challenge: &house.Challenge{Of: v.id()}}, func(*former, house.Wall, []house.Entry) {})
	if err != nil || !ok {
		return err
	}
	return v.done(instructionsPath, "challenge")
}

// allowed returns which of these modules the instruction in force has.
func (v *visit) allowed(s store.View, modules []record.Module, today house.Day) ([]record.Module, error) {
	all, err := store.All[house.Entry](v.ctx(), s)
	if in, ok := house.InForce(all, today); ok {
		return slices.DeleteFunc(slices.Clone(modules), func(m record.Module) bool { return !in.Instruction.Allows(m) }), err
	}
	return modules, err
}
