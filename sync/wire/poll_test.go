package wire

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tavle/sync/record"
)

// R-ACT-13: an answer that names somebody, or says more than which it is, is no
// mutation; and everything else is none without somebody.
func TestAnswerNamesNobody(t *testing.T) {
	answer := Mutation{Seq: 1, Op: OpAnswer, On: RowKey{record.KindPoll, "q1"}, Picto: "face-good"}
	require.NoError(t, answer.Check())
	for name, spoil := range map[string]func(*Mutation){
		"somebody":            func(m *Mutation) { m.Who = "p1" },
		"words":               func(m *Mutation) { m.Text = "det var mig" },
		"a language":          func(m *Mutation) { m.Lang = "da" },
		"what stood there":    func(m *Mutation) { m.Saw = 7 },
		"no answer":           func(m *Mutation) { m.Picto = "" },
		"a sign-up of nobody": func(m *Mutation) { m.Op = OpSignUp },
	} {
		for _, op := range []string{OpAnswer, OpUnanswer} {
			m := answer
			m.Op = op
			require.NoError(t, m.Check())
			spoil(&m)
			require.Error(t, m.Check(), name)
		}
	}
	b, err := Encode(Mut{[]Mutation{answer}})
	require.NoError(t, err)
	require.NotContains(t, string(b), "who")
}
