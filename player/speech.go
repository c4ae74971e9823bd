package player

// Flow, what the focus comes to, where somebody goes by ear: ui.Name → draw → speak: the
// word for it.
//
// Flow, a page read aloud:
//
//	ui.Read → draw: the page says what stands on it → speak: the item that is next
//	  → voice.Play → heard to its end → ui.ItemRead → ui.Read, or the end

import (
	"context"
	"slices"
	"strings"
	"time"

	"tavle/assets/film"
	"tavle/assets/lang"
	"tavle/player/ui"
	"tavle/player/voice"
	"tavle/render"
	"tavle/sync/record"
)

// speech is what the loop knows of what is being said.
type speech struct {
	wanted   ui.Effect       // ui.Read or ui.Name; nil: nothing
	says     []render.Phrase // while an item of the page is being said
	sent     []voice.Phrase  // what the voice was given to say
	name     string          // while the word for a target is
	count    int             // of what was said so far: whose end is heard of is the last
	doubtful bool            // the board has changed since
}

// notes are the sounds of the wall's notes.
var notes = map[ui.Note]voice.Chime{
	ui.NoteTap: voice.Tap, ui.NoteOpen: voice.Opened, ui.NoteBack: voice.WentBack, ui.NoteSignUp: voice.SignedUp,
	ui.NoteUndo: voice.Undone, ui.NoteAttention: voice.Attention, ui.NoteNo: voice.No,
}

// audible returns what can be heard of what may be.
func (p *Player) audible(s ui.Sound) ui.Sound {
	v := p.cfg.Voice
	s.Voice, s.Chimes = s.Voice && v != nil && v.Speaks(), s.Chimes && v != nil && v.Plays()
	s.Films = s.Films && v != nil && v.Plays()
	return s
}

func (p *Player) chime(n ui.Note) {
	p.cfg.Voice.Play(voice.Job{IsChime: true, Chime: notes[n], Gain: p.model.Gain()})
}

// score has the sound of a film heard.
func (p *Player) score(ctx context.Context, e ui.FilmSound) {
	p.speech = speech{count: p.speech.count + 1}
	heard := func(d time.Duration) {
		p.inbox.put(func() {
			p.step(ctx, ui.Tick{Now: p.clock.At(p.cfg.Now())})
			p.step(ctx, ui.FilmHeard{ID: e.ID, Since: e.Since, At: e.At + d})
			p.draw(ctx)
		})
	}
	p.cfg.Voice.Play(voice.Job{Gain: p.model.Gain(), Tape: func() (voice.Tape, error) {
		data, err := p.cfg.Cache.Photo(e.Film)
		if err != nil {
			return voice.Tape{}, err
		}
		track, err := film.Sound(data)
		if err != nil || track == nil {
			return voice.Tape{}, err
		}
		return voice.Tape{Track: track, Rate: track.Rate, Heard: heard}, track.From(e.At)
	}})
}

func (p *Player) hush() {
	p.speech = speech{count: p.speech.count + 1}
	p.cfg.Voice.Stop()
}

// speak says what is wanted of the page that is on the glass. What is no longer on
// it after a change of the board is not said to its end: it may have been a name.
func (p *Player) speak(ctx context.Context) {
	if p.cfg.Voice == nil || p.screen.dark() || p.screen.frame == nil {
		return
	}
	if p.speech.doubtful && p.speech.says != nil && !(p.stands(p.speech.says) && slices.Equal(p.speech.sent, p.aloud(p.speech.says))) {
		at := p.model.Reading.At
		p.hush()
		p.speech.wanted = ui.Read{At: at}
	}
	if p.speech.doubtful && p.speech.name != "" && !p.labels(p.speech.name) {
		p.hush()
	}
	p.speech.doubtful = false
	for p.speech.wanted != nil {
		wanted := p.speech.wanted
		p.speech.wanted = nil
		switch e := wanted.(type) {
		case ui.Name:
			p.name(ctx, e.Of)
		case ui.Read:
			p.read(ctx, e.At)
		}
	}
}

// stands reports whether the page says the same somewhere.
func (p *Player) stands(says []render.Phrase) bool {
	return slices.ContainsFunc(p.screen.frame.Spoken, func(s render.Spoken) bool { return slices.Equal(s.Say, says) })
}

// labels reports whether the page has something to press by that word.
func (p *Player) labels(name string) bool {
	return slices.ContainsFunc(p.screen.frame.Targets, func(t render.Target) bool { return t.Means != nil && t.Label == name })
}

// name says the word for what means that, where others may hear it.
func (p *Player) name(ctx context.Context, of render.Meaning) {
	t := p.screen.frame.Find(of)
	if t == nil || t.Label == "" || !p.model.MayName(t) {
		p.hush()
		return
	}
	p.speech.says, p.speech.name = nil, t.Label
	p.say(ctx, render.Spoken{Say: []render.Phrase{{Text: t.Label, Lang: t.Lang}}}, func() { p.speech.name = "" })
}

// read says an item of the page, or goes on to the next when it may not be heard.
func (p *Player) read(ctx context.Context, at int) {
	items := p.screen.frame.Spoken
	if at < len(items) && p.model.MaySay(items[at]) {
		p.speech.says, p.speech.name = items[at].Say, ""
		p.say(ctx, items[at], func() { p.hasRead(ctx, at) })
		return
	}
	p.hasRead(ctx, at)
}

// hasRead goes on after an item.
func (p *Player) hasRead(ctx context.Context, at int) {
	p.speech.says = nil
	p.step(ctx, ui.ItemRead{At: at, Last: at+1 >= len(p.screen.frame.Spoken)})
	p.draw(ctx)
}

// say has an item heard. then is called by the loop when it has been, unless
// something else was said instead.
func (p *Player) say(ctx context.Context, s render.Spoken, then func()) {
	p.speech.count++
	n := p.speech.count
	p.speech.sent = p.aloud(s.Say)
	j := voice.Job{Gain: p.model.Gain(), Again: p.speech.says != nil, Say: p.speech.sent}
	if id, ok := strings.CutPrefix(s.Sound, "sound:"); ok {
		j.Recording = func() ([]byte, error) { return p.cfg.Cache.Photo(record.AssetID(id)) }
	}
	if then != nil {
		j.Done = func() {
			p.inbox.put(func() {
				if n == p.speech.count {
					then()
				}
			})
		}
	}
	p.cfg.Voice.Play(j)
}

// aloud returns what the voice is to say: names and words as they sound, those of the
// board as it is now, and times in words.
func (p *Player) aloud(say []render.Phrase) []voice.Phrase {
	var words []lang.Word
	if p.board != nil {
		for _, n := range p.board.Lexicon.Names {
			words = append(words, lang.Word{Written: n.Name.Reveal(), Spoken: n.Spoken.Reveal()})
		}
		for _, w := range p.board.Lexicon.Words {
			words = append(words, lang.Word{Lang: string(w.Lang), Written: w.Word, Spoken: w.Spoken})
		}
	}
	out := make([]voice.Phrase, len(say))
	for i, ph := range say {
		out[i] = voice.Phrase{Text: lang.Aloud(lang.Respell(ph.Text, ph.Lang, words), ph.Lang), Lang: ph.Lang}
	}
	return out
}
