package ui

import (
	"image"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tavle/assets/pictogram"
	"tavle/player/board"
	"tavle/render"
	"tavle/sync/record"
)

var (
	talks   = board.Ref{Kind: record.KindMeeting, ID: "g1"}
	tivoli  = board.Ref{Kind: record.KindProposal, ID: "q1"}
	washing = board.Ref{Kind: record.KindResource, ID: "r1"}
	choir   = board.Ref{Kind: record.KindGroup, ID: "h1"}
)

// togetherFacts is the mockups' house with what they show of meetings (09a),
// bookings (09b) and groups.
func togetherFacts() *record.Facts {
	f := mockFacts()
	f.House.Modules = append(f.House.Modules, "meetings", "bookings", "groups")
	f.Meetings = map[record.MeetingID]record.Meeting{"g1": {
		ID: "g1", Title: da("Husmøde"), Place: da("Fællesstuen"), Starts: at(25, 15, 0), Ends: at(25, 16, 0), SignUp: true,
		Agenda: []record.AgendaItem{
			{Number: 1, Title: da("Velkommen og kaffe"), Picto: "hot-beverage"},
			{Number: 2, Title: da("Hvad skal vi lave i december?"), Picto: "christmas-tree"},
			{Number: 3, Title: da("Nye regler for vaskerummet"), Picto: "soap"},
			{Number: 4, Title: da("Forslag fra beboerne"), Picto: "speech-balloon"},
		},
		Participants: crowd("inger mads karen", 1, 0),
	}}
	f.Proposals = map[record.ProposalID]record.Proposal{
		"q1": {ID: "q1", Meeting: "g1", Number: 1, Text: da("En tur i Tivoli før jul"), By: "mads", Participants: crowd("mads karen ali bent jens ove", 0, 0)},
		"q2": {ID: "q2", Meeting: "g1", Number: 2, Text: da("Kage hver søndag"), By: "inger", Participants: crowd("inger lone ruth", 1, 0)},
		"q3": {ID: "q3", Meeting: "g1", Number: 3, Text: da("En ny sofa i tv-stuen"), Participants: crowd("solsikke", 0, 0)},
	}
	f.Resources = map[record.ResourceID]record.Resource{"r1": {ID: "r1", Title: da("Vaskemaskine"), Picto: "basket", SignUp: true}}
	r := f.Resources["r1"]
	for h := 8; h < 22; h += 2 {
		r.Slots = append(r.Slots, record.Slot{From: h * 60, To: (h + 2) * 60})
	}
	f.Resources["r1"] = r
	f.Bookings = map[record.BookingID]record.Booking{
		"b1": {ID: "b1", Resource: "r1", From: at(20, 10, 0), To: at(20, 12, 0), Who: "poul"},
		"b2": {ID: "b2", Resource: "r1", From: at(20, 14, 0), To: at(20, 16, 0), Who: "lone"},
		"b3": {ID: "b3", Resource: "r1", From: at(20, 16, 0), To: at(20, 18, 0)},
	}
	f.Groups = map[record.GroupID]record.Group{"h1": {ID: "h1", Title: da("Koret"), Picto: "microphone", SignUp: true, Participants: crowd("karen ove ruth", 0, 0)}}
	return f
}

func togetherBoard(edit ...func(*board.Input)) *board.Board {
	in := board.Input{Facts: togetherFacts(), Now: mockNow, Fresh: true, Contact: mockNow}
	for _, e := range edit {
		e(&in)
	}
	return board.Project(in)
}

// at12 names the part of today that begins at 12.
func at12() board.Ref { return board.Ref(record.SlotKey("r1", at(20, 12, 0))) }

func togetherHand(t *testing.T, places ...Place) *hand {
	h := &hand{t: t, Model: mockModel(large, Home{})}
	h.send(BoardChanged{togetherBoard()})
	h.Stack = append(h.Stack, places...)
	return h
}

// togetherPages are the pages of this part of the wall.
func togetherPages() map[string]Place {
	return map[string]Place{
		"meetings": Meetings{}, "meeting": Meeting{On: talks}, "proposer": Proposer{On: talks}, "phrases": Phrases{On: talks, Who: "karen"},
		"like": Who{On: tivoli}, "bookings": Bookings{}, "booking": Booking{On: washing}, "groups": Groups{}, "group": Group{On: choir},
	}
}

// A meeting is joined as an activity is, from More, and that can be undone.
func TestMeetingIsJoinedLikeAnActivity(t *testing.T) {
	h := togetherHand(t)
	h.tap(Go{More{}})
	h.tap(Enter{Meetings{}})
	h.tap(Enter{Meeting{On: talks}})
	require.Contains(t, h.words(), "Velkommen og kaffe")
	h.tap(Join{talks})
	require.Contains(t, h.words(), "Hvem kommer?")
	h.tap(Pick{talks, "bent"})
	require.Equal(t, []Effect{SignUp{On: talks, Who: "bent"}}, h.effects)
	h.Board = togetherBoard(func(in *board.Input) { in.Done = []board.Done{{On: talks, Who: "bent"}} })
	h.tap(Undo{talks, "bent"})
	require.Equal(t, SignOff{talks, "bent"}, h.effects[1])
}

// R-IBG-14: what somebody proposes is a picture, kept with their name; A-19: for
// twelve seconds it can be taken back.
func TestProposalIsAPictureAndCanBeUndone(t *testing.T) {
	h := togetherHand(t, Meetings{}, Meeting{On: talks})
	h.tap(Suggest{talks})
	h.tap(Enter{Phrases{On: talks, Who: "karen"}})
	says := board.Said{Text: "Vi bager en kage", Lang: "da", Picto: "shortcake"}
	h.tap(Propose{talks, "karen", says})
	require.Equal(t, []Effect{Say{talks, "karen", says}}, h.effects)
	require.Equal(t, Meeting{On: talks}, h.place(), "back where one came from")
	h.Board = togetherBoard(func(in *board.Input) { in.Done = []board.Done{{On: talks, Who: "karen", Says: says}} })
	require.Contains(t, h.words(), "Tak for dit forslag")
	h.pass(9 * time.Second)
	h.tap(Retract{talks, "karen", says})
	require.Equal(t, Unsay{talks, "karen", says}, h.effects[1])
	require.Nil(t, h.Over)

	h = togetherHand(t, Meeting{On: talks}, Proposer{On: talks}, Phrases{On: talks, Who: "karen"})
	h.tap(Propose{talks, "karen", says})
	h.pass(12 * time.Second)
	require.Nil(t, h.Over, "then it is done")
}

// Goal 2: a proposal that the hub does not take is not thanked for: the dialog says
// so, with nothing to undo, and its other button where it was.
func TestRefusedProposalIsSaid(t *testing.T) {
	h := togetherHand(t, Meeting{On: talks}, Proposer{On: talks}, Phrases{On: talks, Who: "karen"})
	d := board.Done{On: talks, Who: "karen", Says: board.Said{Text: "Vi bager en kage", Lang: "da", Picto: "shortcake"}}
	h.tap(Propose{talks, "karen", d.Says})
	h.send(BoardChanged{togetherBoard(func(in *board.Input) { in.Done = []board.Done{d} })})
	require.Contains(t, h.words(), "Tak for dit forslag, Karen")
	done := h.sees(Close{}).Rect
	d.Answered, d.Refused = true, true
	h.send(BoardChanged{togetherBoard(func(in *board.Input) { in.Done = []board.Done{d} })})
	require.Contains(t, h.words(), "Det gik ikke, Karen")
	require.Contains(t, h.words(), "Spørg en medarbejder.")
	require.Nil(t, h.frame().Find(Retract{talks, "karen", d.Says}))
	require.Equal(t, done, h.sees(Close{}).Rect)
}

// What somebody proposed here stays in front of them: beside what others have, while
// it is on its way, when the hub has noted it, and when its board says so.
func TestProposalStaysWhileSomebodyIsThere(t *testing.T) {
	said := func(who board.PersonID, words string) board.Done {
		return board.Done{On: talks, Who: who, Says: board.Said{Text: words, Lang: "da"}}
	}
	first, second := said("ali", "Vi synger mere"), said("karen", "Vi bager en kage")
	done := func(all ...board.Done) func(*board.Input) {
		return func(in *board.Input) { in.Done = all }
	}
	once := func(h *hand, words ...string) {
		for _, w := range words {
			require.Equal(t, 1, strings.Count(h.words(), w), w)
		}
	}
	one := func(in *board.Input) {
		in.Facts.Proposals = map[record.ProposalID]record.Proposal{"q1": in.Facts.Proposals["q1"]}
	}
	h := togetherHand(t, Meetings{}, Meeting{On: talks})
	h.send(BoardChanged{togetherBoard(one, done(first, second))}, TouchDown{}) // two are on their way when somebody comes
	once(h, first.Says.Text, second.Says.Text)

	h = togetherHand(t, Meetings{}, Meeting{On: talks})
	h.send(BoardChanged{togetherBoard(one)}, TouchDown{})
	h.send(BoardChanged{togetherBoard(one, done(second))})
	once(h, second.Says.Text)
	noted := second
	noted.Answered, noted.Epoch, noted.Rev = true, togetherFacts().At.Epoch, togetherFacts().At.Rev+1
	h.send(BoardChanged{togetherBoard(one, done(noted))})
	once(h, second.Says.Text)
	h.send(BoardChanged{togetherBoard(one, func(in *board.Input) {
		in.Facts.At.Rev++
		in.Facts.Proposals["q9"] = record.Proposal{ID: "q9", Meeting: "g1", Number: 2, Text: da(second.Says.Text), By: "karen"}
		in.Facts.Proposals["q8"] = record.Proposal{ID: "q8", Meeting: "g1", Number: 3, Text: da("Et fra en anden"), By: "ove"}
	}, done(noted))})
	once(h, second.Says.Text)
	require.NotContains(t, h.words(), "Et fra en anden", "what is new from elsewhere waits")
}

// V-19: a proposal of somebody who is not named is a resident's.
func TestProposalOfNobodyIsAResidents(t *testing.T) {
	h := togetherHand(t, Meeting{On: talks})
	require.Contains(t, h.words(), "En ny sofa i tv-stuen")
	require.Contains(t, h.words(), "Forslag fra en beboer")
}

// One thumb per person: who has one is asked whether it goes.
func TestThumbIsOneEach(t *testing.T) {
	h := togetherHand(t, Meeting{On: talks})
	h.tap(Join{tivoli})
	h.tap(Pick{tivoli, "inger"})
	require.Equal(t, []Effect{SignUp{On: tivoli, Who: "inger"}}, h.effects)
	h = togetherHand(t, Meeting{On: talks}, Who{On: tivoli})
	h.tap(Pick{tivoli, "karen"})
	require.Empty(t, h.effects)
	require.IsType(t, AskLeave{}, h.Over)
}

// A free time is touched to have it, one's own to give it up; what somebody has who
// is not named cannot be touched.
func TestTimeIsBookedAndGivenUp(t *testing.T) {
	h := togetherHand(t, Bookings{}, Booking{On: washing})
	require.Nil(t, h.frame().Find(Join{board.Ref(record.SlotKey("r1", at(20, 16, 0)))}))
	require.Contains(t, h.words(), "Optaget")
	h.tap(Join{at12()})
	h.tap(Pick{at12(), "karen"})
	require.Equal(t, []Effect{SignUp{On: at12(), Who: "karen"}}, h.effects)
	h.Board = togetherBoard(func(in *board.Input) { in.Done = []board.Done{{On: at12(), Who: "karen"}} })
	require.Contains(t, h.words(), "Tiden er din")
	h.tap(Close{})
	h.tap(Return{at12(), "karen"})
	require.Contains(t, h.words(), "Vil du give tiden fri")
	h.tap(Leave{at12(), "karen"})
	require.Equal(t, SignOff{at12(), "karen"}, h.effects[1])
}

// What the hub gave to somebody else is said so, with the name of whoever asked.
func TestTimeSomebodyElseTook(t *testing.T) {
	h := togetherHand(t, Booking{On: washing}, Who{On: at12()})
	h.tap(Pick{at12(), "karen"})
	h.Board = togetherBoard(func(in *board.Input) {
		in.Facts.Bookings["b9"] = record.Booking{ID: "b9", Resource: "r1", From: at(20, 12, 0), To: at(20, 14, 0), Who: "ove"}
		in.Done = []board.Done{{On: at12(), Who: "karen", Answered: true, Refused: true}}
	})
	require.Contains(t, h.words(), "En anden har taget tiden")
	require.Nil(t, h.frame().Find(Undo{at12(), "karen"}))
}

// V-20: with a lease that ran out no page names anybody or takes a touch for
// somebody; what it is about stays.
func TestMaskedTogetherShowsNobody(t *testing.T) {
	for _, size := range []image.Point{large, {X: 1080, Y: 1920}, {X: 800, Y: 480}} {
		for name, place := range togetherPages() {
			m := mockModel(size, Home{})
			m.Stack = append(m.Stack, place)
			m, _ = Update(m, BoardChanged{togetherBoard(func(in *board.Input) { in.Fresh = false })})
			f := View(m, testKit)
			words := strings.Join(f.Texts(), " ")
			for _, who := range []string{"Mads", "Inger", "Karen", "Poul", "Lone"} {
				require.NotContains(t, words, who, "%s at %v", name, size)
			}
			for _, tg := range f.Targets {
				switch tg.Means.(type) {
				case Join, Pick, Suggest, Propose, Return:
					t.Fatalf("%s at %v: %#v", name, size, tg.Means)
				}
			}
		}
	}
	m := mockModel(large, Home{})
	m.Stack = append(m.Stack, Meeting{On: talks})
	m, _ = Update(m, BoardChanged{togetherBoard(func(in *board.Input) { in.Fresh = false })})
	require.Contains(t, strings.Join(View(m, testKit).Texts(), " "), "En tur i Tivoli")
}

// A meeting that was takes nothing any more, and says so.
func TestMeetingThatWas(t *testing.T) {
	h := togetherHand(t, Meetings{}, Meeting{On: talks})
	h.Now = at(25, 16, 30)
	h.Last = h.Now
	f := h.frame()
	for _, means := range []render.Meaning{Join{talks}, Join{tivoli}, Suggest{talks}} {
		require.Nil(t, f.Find(means))
	}
	require.Contains(t, h.words(), "Mødet er slut")
	h.send(TouchDown{Means: Suggest{talks}, Ready: true}, TouchUp{Means: Suggest{talks}})
	require.Equal(t, Meeting{On: talks}, h.place(), "nor from the frame before")
}

// Every page says kindly that there is nothing, and holds no dead end.
func TestTogetherWithNothing(t *testing.T) {
	for name, place := range map[string]Place{"meetings": Meetings{}, "bookings": Bookings{}, "groups": Groups{}} {
		h := togetherHand(t)
		h.send(BoardChanged{togetherBoard(func(in *board.Input) {
			in.Facts.Meetings, in.Facts.Resources, in.Facts.Groups = nil, nil, nil
		})})
		h.Stack = append(h.Stack, place)
		require.NotEmpty(t, h.frame().Texts(), name)
		h.tap(Go{Home{}})
		require.Equal(t, Home{}, h.place())
	}
}

// Every phrase has its pictogram, and ten words at most.
func TestPhrasesHavePictures(t *testing.T) {
	for _, p := range phraseList {
		_, ok := pictogram.Colour(p.picto)
		require.True(t, ok, p.picto)
		for _, tag := range []string{"da", "nb", "en"} {
			require.LessOrEqual(t, len(strings.Fields(testKit.Words(tag).T("phrase."+p.key))), 10)
		}
	}
}

// in every class everything that is touched is on the panel, and nothing of
// it covers anything else that is.
func TestTogetherFitsEveryClass(t *testing.T) {
	for _, size := range []image.Point{large, {X: 1080, Y: 1920}, {X: 800, Y: 480}, {X: 3840, Y: 2160}} {
		for name, place := range togetherPages() {
			m := mockModel(size, Home{})
			m, _ = Update(m, BoardChanged{togetherBoard()})
			m.Stack = append(m.Stack, place)
			f := View(m, testKit)
			save(t, name+"-"+size.String(), paint(t, f))
			screen := image.Rectangle{Max: size}
			for i, a := range f.Targets {
				require.True(t, a.Rect.In(screen), "%s at %v: %v", name, size, a.Rect)
				for _, b := range f.Targets[i+1:] {
					if a.Means != nil && b.Means != nil && !a.Off && !b.Off {
						require.True(t, a.Rect.Intersect(b.Rect).Empty(), "%s at %v: %#v and %#v", name, size, a.Means, b.Means)
					}
				}
			}
		}
	}
}

// what somebody has chosen is not lost when time runs out: whose proposal it
// is and for which meeting, the time they want to book, the activity they want to
// join. It comes back with them, within five minutes; whoever is hidden meanwhile
// leaves none, and a picture code is no draft.
func TestWhatWasChosenWaitsForWhoChoseIt(t *testing.T) {
	for name, begun := range map[string]Place{
		"proposal": Phrases{On: talks, Who: "karen", Page: 1}, "booking": Who{On: at12()}, "meeting": Who{On: talks},
	} {
		t.Run(name, func(t *testing.T) {
			at := func() *hand {
				h := togetherHand(t)
				h.send(Identified{"karen"})
				h.Model = h.push(begun)
				h.words()
				h.pass(h.Stays.Identified + h.Stays.Warning + time.Second)
				require.Equal(t, []Place{Home{}}, h.Stack)
				require.Empty(t, h.Self)
				require.Equal(t, board.PersonID("karen"), h.Draft.Who)
				return h
			}
			h := at()
			h.pass(4 * time.Minute)
			h.send(Identified{"amina"})
			require.Equal(t, Own{Who: "amina"}, h.place(), "nobody else's")
			h.tap(Finish{})

			h = at()
			h.pass(4 * time.Minute)
			h.send(Identified{"karen"})
			require.Equal(t, []Place{Home{}, Own{Who: "karen"}, begun}, h.Stack)
			require.Zero(t, h.Draft)

			h = at()
			h.pass(5 * time.Minute)
			h.send(Identified{"karen"})
			require.Equal(t, Own{Who: "karen"}, h.place())

			h = at()
			b := *h.Board
			b.People = slices.DeleteFunc(slices.Clone(b.People), func(p board.Person) bool { return p.ID == "karen" })
			h.send(BoardChanged{&b})
			require.Zero(t, h.Draft)
		})
	}
	h := togetherHand(t, Who{On: talks})
	h.pass(h.Stays.Browsing + h.Stays.Warning)
	require.Equal(t, Home{}, h.place())
	require.Zero(t, h.Draft, "nobody knows whose it would be")
	h = togetherHand(t, Code{Who: "karen", Touched: [3]int8{4, 0, 0}, N: 1})
	h.pass(h.Stays.Browsing + h.Stays.Warning)
	require.Equal(t, Home{}, h.place())
	require.Zero(t, h.Draft)
}
