package ui

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/player/board"
	"tavle/player/ui/look"
	"tavle/sync/record"
)

var mockPoll = board.Ref{Kind: record.KindPoll, ID: "q1"}

// askedFacts is the mockups' house with a question.
func askedFacts(edit ...func(*record.Poll)) *record.Facts {
	f := togetherFacts()
	f.House.Modules = append(f.House.Modules, "polls")
	f.Polls = map[record.PollID]record.Poll{"q1": mockQuestion(edit...)}
	return f
}

func mockQuestion(edit ...func(*record.Poll)) record.Poll {
	p := record.Poll{
		ID: "q1", Question: record.Text{"da": "Hvordan var maden?"}, From: mockNow.Add(-time.Hour), Until: mockNow.Add(time.Hour),
		Options: []record.PollOption{
			{Picto: "face-good", Title: record.Text{"da": "God"}},
			{Picto: "face-fair", Title: record.Text{"da": "Midt imellem"}},
			{Picto: "face-bad", Title: record.Text{"da": "Ikke god"}},
		},
	}
	for _, e := range edit {
		e(&p)
	}
	return p
}

func askedBoard(now time.Time, done []board.Done, edit ...func(*record.Poll)) *board.Board {
	return board.Project(board.Input{Facts: askedFacts(edit...), Now: now, Fresh: true, Contact: now, Done: done})
}

func askedHand(t *testing.T, edit ...func(*record.Poll)) *hand {
	h := &hand{t: t, Model: mockModel(large, Home{})}
	h.send(BoardChanged{askedBoard(mockNow, nil, edit...)})
	return h
}

func numbers(p *record.Poll) {
	for i, n := range []int{7, 2, 1} {
		p.Options[i].N = n
	}
	p.Counted = 10
}

// R-ACT-13, A-13: three touches from home answer a question; what is kept of it is
// said before. No touch, no effect and nothing on the glass says who it was, and
// afterwards not what it was either.
func TestThreeTouchesAnswerAQuestion(t *testing.T) {
	h := askedHand(t)
	h.tap(Go{More{}})
	h.tap(Enter{Polls{}})
	require.Contains(t, h.words(), "Hvordan var maden?")
	require.Contains(t, h.words(), "Dit svar er uden navn. Vi gemmer kun tallene. De slettes efter 30 dage.")
	h.tap(Answer{mockPoll, "face-bad"})
	require.Equal(t, []Effect{Vote{mockPoll, "face-bad"}}, h.effects)
	require.Contains(t, h.words(), "Tak for dit svar")
	require.NotContains(t, h.words(), "Ikke god")
	for _, tg := range h.frame().Targets {
		require.NotContains(t, tg.Label, "Ikke god")
	}
}

// an answer can be taken back for as long as the wall takes no other, ten
// seconds at least, by whoever has not turned away.
func TestAnswerCanBeTakenBack(t *testing.T) {
	require.GreaterOrEqual(t, pollPause, look.Undo)
	h := askedHand(t)
	h.Stack = append(h.Stack, Polls{})
	h.tap(Answer{mockPoll, "face-bad"})
	h.pass(look.Undo)
	h.tap(TakeAnswerBack{mockPoll})
	require.Equal(t, Unvote{mockPoll, "face-bad"}, h.effects[1])
	h.tap(Answer{mockPoll, "face-good"})
	require.Equal(t, Vote{mockPoll, "face-good"}, h.effects[2])

	h.tap(Go{Home{}})
	require.Empty(t, h.Given[0].Picto, "it is not even known any more")
	h.Stack = append(h.Stack, Polls{})
	require.Nil(t, h.frame().Find(TakeAnswerBack{mockPoll}), "whoever comes next takes nothing back")
	require.Contains(t, h.words(), "Den næste kan svare om lidt.")
	h.send(TouchDown{Means: TakeAnswerBack{mockPoll}, Ready: true}, TouchUp{Means: TakeAnswerBack{mockPoll}})
	require.Len(t, h.effects, 3)
}

// One finger does not answer for everybody: after an answer the wall takes no other
// for a while, and then by itself again.
func TestWallPausesAfterAnAnswer(t *testing.T) {
	h := askedHand(t)
	h.Stack = append(h.Stack, Polls{})
	h.tap(Answer{mockPoll, "face-good"})
	require.Empty(t, places[Answer](h.frame()))
	for range 5 {
		h.pass(time.Second)
		h.send(TouchDown{Means: Answer{mockPoll, "face-bad"}, Ready: true}, TouchUp{Means: Answer{mockPoll, "face-bad"}})
	}
	require.Len(t, h.effects, 1)
	require.False(t, h.nextAt().After(h.Given[0].At.Add(pollPause)))
	h.pass(pollPause - 5*time.Second)
	require.Empty(t, h.Given)
	require.Len(t, places[Answer](h.frame()), 3)
	h.tap(Answer{mockPoll, "face-good"})
	require.Len(t, h.effects, 2)
}

// numbers are said in numbers and words, each beside its picture; without
// five answers there are none, and it says why.
func TestNumbersAreSaidInWords(t *testing.T) {
	h := askedHand(t)
	h.Stack = append(h.Stack, Polls{})
	require.Contains(t, h.words(), "De kommer, når mindst 5 har svaret.")
	h.send(BoardChanged{askedBoard(mockNow, nil, numbers)})
	for _, want := range []string{"7 svar", "2 svar", "1 svar"} {
		require.Contains(t, h.words(), want)
	}
	late := mockNow.Add(2 * time.Hour)
	h.send(Tick{late}, BoardChanged{askedBoard(late, nil, numbers)})
	h.Stack = []Place{Home{}, Polls{}}
	require.Empty(t, places[Answer](h.frame()))
	require.Contains(t, h.words(), "Spørgsmålet er lukket")
	require.Contains(t, h.words(), "7 svar")
	h.send(TouchDown{Means: Answer{mockPoll, "face-bad"}, Ready: true}, TouchUp{Means: Answer{mockPoll, "face-bad"}})
	require.Empty(t, h.effects)
	h.send(BoardChanged{askedBoard(late, nil)})
	require.Contains(t, h.words(), "Der kom færre end 5 svar.")
}

// a wall without network says that the answer waits, and one that came too
// late that it did; after the lease the question is still there, and the age of
// what is told of it.
func TestPollSaysWhatBecomesOfAnAnswer(t *testing.T) {
	h := askedHand(t)
	h.Stack = append(h.Stack, Polls{})
	h.send(LinkChanged{Link{DownSince: mockNow.Add(-time.Hour)}})
	h.tap(Answer{mockPoll, "face-good"})
	done := []board.Done{{On: mockPoll, Answers: "face-good"}}
	h.send(BoardChanged{askedBoard(mockNow, done)})
	require.Contains(t, h.words(), "Svaret venter her, til der er net.")
	done[0].Answered, done[0].Refused = true, true
	h.send(BoardChanged{askedBoard(mockNow, done)})
	require.Contains(t, h.words(), "Det var for sent")
	require.Nil(t, h.frame().Find(TakeAnswerBack{mockPoll}))

	h = askedHand(t)
	h.Stack = append(h.Stack, Polls{})
	old := board.Project(board.Input{Facts: askedFacts(), Now: mockNow, Contact: mockNow.Add(-13 * time.Hour)})
	h.send(LinkChanged{Link{DownSince: mockNow.Add(-13 * time.Hour)}}, BoardChanged{old})
	require.Len(t, places[Answer](h.frame()), 3)
	require.Contains(t, h.words(), "Hvordan var maden?")
	h.send(BoardChanged{board.Project(board.Input{Facts: func() *record.Facts { f := askedFacts(); f.Polls = nil; return f }(), Now: mockNow, Fresh: true, Contact: mockNow})})
	require.Contains(t, h.words(), "Ingen spørgsmål lige nu")
}

// What cannot be kept is not thanked for.
func TestAnswerThatCannotBeKeptIsSaid(t *testing.T) {
	h := askedHand(t)
	h.Stack = append(h.Stack, Polls{})
	h.tap(Answer{mockPoll, "face-good"})
	h.send(NotKept{})
	require.Empty(t, h.Given)
	require.NotContains(t, h.words(), "Tak for dit svar")
}

// A panel with too little height for a question, what is kept of an answer, and the
// answers, says them one after the other.
func TestFlatPanelSaysWhatIsKeptFirst(t *testing.T) {
	h := askedHand(t)
	h.send(Resized{Panel{Size: image.Pt(1280, 800), MM: image.Pt(218, 136)}})
	h.Stack = append(h.Stack, Polls{})
	require.Contains(t, h.words(), "Hvordan var maden?")
	require.Contains(t, h.words(), "Vi gemmer kun tallene.")
	require.Empty(t, places[Answer](h.frame()))
	h.tap(Turn{Polls{Ready: true}})
	require.Contains(t, h.words(), "Hvordan var maden?")
	require.Len(t, places[Answer](h.frame()), 3)
	h.tap(Answer{mockPoll, "face-bad"})
	require.Equal(t, []Effect{Vote{mockPoll, "face-bad"}}, h.effects)
	h.tap(TakeAnswerBack{mockPoll})
	require.Len(t, h.effects, 2)
}

// Two questions do not shorten each other's pause, and each answer can be taken back.
func TestEachQuestionHasItsPause(t *testing.T) {
	other := board.Ref{Kind: record.KindPoll, ID: "q2"}
	f := askedFacts()
	q := mockQuestion()
	q.ID = "q2"
	f.Polls["q2"] = q
	h := &hand{t: t, Model: mockModel(large, Home{})}
	h.send(BoardChanged{board.Project(board.Input{Facts: f, Now: mockNow, Fresh: true, Contact: mockNow})})
	h.Stack = append(h.Stack, Polls{})
	answer := func(on board.Ref) {
		means := Answer{on, "face-good"}
		h.send(TouchDown{Means: means, Ready: true}, TouchUp{Means: means})
		h.pass(2 * time.Second)
	}
	for range 3 {
		answer(mockPoll)
		answer(other)
	}
	require.Equal(t, []Effect{Vote{mockPoll, "face-good"}, Vote{other, "face-good"}}, h.effects)
	h.tap(TakeAnswerBack{mockPoll})
	require.Equal(t, Unvote{mockPoll, "face-good"}, h.effects[2])
	require.True(t, h.pausing(other))
	h.pass(pollPause)
	require.Empty(t, h.Given)
}
