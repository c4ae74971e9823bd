package voice

import (
	"math"
	"sync"
	"time"
)

// A Chime is a sound that says what became of a touch.
type Chime uint8

// The chimes.
const (
	Tap Chime = iota
	Opened
	WentBack
	SignedUp
	Undone
	Attention
	No
	chimes
)

// Master is how loud the chimes are together, in dBFS, and NightBy how much softer
// everything is at night: the design's masters are -18 and -30 dBFS.
const (
	Master  = -18
	NightBy = -12
)

// A note is one tone: its frequency, when it begins and how long it lasts.
type note struct {
	hz       float64
	at, last time.Duration
}

// A tune is the notes of a chime and the instrument they are played on: a sine with
// so much of the second and third harmonic, that swells and dies away.
type tune struct {
	notes         []note
	second, third float64
	attack, decay time.Duration
	gain          float64 // dB, to the master
}

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// tunes are the chimes, as the design has them.
var tunes = [chimes]tune{
	Tap:       {notes: []note{{880, 0, ms(40)}}, attack: ms(2), decay: ms(38), gain: -14},
	Opened:    {notes: []note{{523.25, 0, ms(90)}, {659.25, ms(60), ms(120)}}, second: .15, attack: ms(4), decay: ms(110), gain: -10},
	WentBack:  {notes: []note{{659.25, 0, ms(90)}, {523.25, ms(60), ms(120)}}, second: .15, attack: ms(4), decay: ms(110), gain: -12},
	SignedUp:  {notes: []note{{523.25, 0, ms(160)}, {659.25, ms(110), ms(160)}, {783.99, ms(220), ms(420)}}, second: .2, third: .05, attack: ms(6), decay: ms(380), gain: -6},
	Undone:    {notes: []note{{783.99, 0, ms(140)}, {587.33, ms(110), ms(260)}}, second: .15, attack: ms(6), decay: ms(220), gain: -9},
	Attention: {notes: []note{{659.25, 0, ms(260)}, {880, ms(240), ms(520)}}, second: .2, attack: ms(10), decay: ms(480), gain: -6},
	No:        {notes: []note{{311.13, 0, ms(140)}, {311.13, ms(180), ms(180)}}, attack: ms(8), decay: ms(150), gain: -10},
}

// chimeRate is enough for the third harmonic of the highest note.
const chimeRate = 22050

// Clip returns the sound. The same chime is made once.
func (c Chime) Clip() Clip { return made[c]() }

var made = func() (out [chimes]func() Clip) {
	for i := range out {
		out[i] = sync.OnceValue(func() Clip { return tunes[i].play() })
	}
	return out
}()

// play makes samples of a tune.
func (t tune) play() Clip {
	end := time.Duration(0)
	for _, n := range t.notes {
		end = max(end, n.at+n.last)
	}
	mix := make([]float64, int(end.Seconds()*chimeRate)+1)
	for _, n := range t.notes {
		from := int(n.at.Seconds() * chimeRate)
		for i := range int(n.last.Seconds() * chimeRate) {
			at := float64(i) / chimeRate
			w := 2 * math.Pi * n.hz * at
			tone := (math.Sin(w) + t.second*math.Sin(2*w) + t.third*math.Sin(3*w)) / (1 + t.second + t.third)
			mix[from+i] += tone * t.swell(at, n.last.Seconds())
		}
	}
	most := 0.0
	for _, v := range mix {
		most = max(most, math.Abs(v))
	}
	gain := math.Pow(10, (Master+t.gain)/20) / most * math.MaxInt16
	out := Clip{Rate: chimeRate, Samples: make([]int16, len(mix))}
	for i, v := range mix {
		out.Samples[i] = int16(math.Round(v * gain))
	}
	return out
}

// swell is how loud a note is so many seconds after it began: it rises, dies away,
// and ends in silence, without a click.
func (t tune) swell(at, last float64) float64 {
	attack, decay := t.attack.Seconds(), t.decay.Seconds()
	up := min(1, at/attack)
	down := math.Exp(-3 * max(0, at-attack) / decay)
	const release = .004
	return up * down * min(1, max(0, last-at)/release)
}
