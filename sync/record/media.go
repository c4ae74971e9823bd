package record

import "time"

// Tagged says who is in a picture, as far as a screen has to know. The hub has
// asked everybody in it; a picture that one of them does not want was never sent.
// What is here is for the second decision, on the screen: later, and perhaps
// without a hub.
type Tagged struct {
	People bool       // somebody of the house is in it: it goes when the lease does
	Who    []PersonID // those who may be named
	Until  time.Time  // the first of their acceptances ends then; zero: none does
}

// A Photo is one picture and what it shows in words.
type Photo struct {
	Asset AssetID
	Alt   Text
	Tagged
}

// An Album is pictures that belong together.
type Album struct {
	ID        AlbumID
	Title     Text
	Photos    []Photo   // in their order
	Published time.Time // zero: always
	Expires   time.Time // zero: never
}

// A Document is pages to look through.
type Document struct {
	ID    DocumentID
	Title Text
	Pages []Page
}

// A Page is one page of a document.
type Page struct {
	Title Text
	Text  Text
	Picto string
}

// A Video is a film to watch: MPEG-1 in the asset Film, which may hold its sound.
type Video struct {
	ID      VideoID
	Title   Text
	Film    AssetID
	Poster  AssetID
	Seconds int   // how long it is, or 0
	Cues    []Cue // captions, by when they begin
	Sign    Text  // the sign language it is in, or nothing
	Sound   bool  // its sound is heard
	Tagged
}

// A Cue is what a caption says from one moment of a film to another, in
// milliseconds from its beginning. Languages that are timed otherwise have cues
// of their own.
type Cue struct {
	From, To int
	Text     Text
}

// Sky is what the sky does on a day.
type Sky string

// The skies.
const (
	SkyClear   Sky = "clear"
	SkyPartly  Sky = "partly"
	SkyCloudy  Sky = "cloudy"
	SkyRain    Sky = "rain"
	SkyThunder Sky = "thunder"
	SkySnow    Sky = "snow"
	SkyFog     Sky = "fog"
)

// Wind says in a word how it blows.
type Wind string

// The winds.
const (
	WindCalm   Wind = "calm"
	WindLight  Wind = "light"
	WindFresh  Wind = "fresh"
	WindStrong Wind = "strong"
	WindStorm  Wind = "storm"
)

// Weather is the weather of some days, as somebody foresaw it at At.
type Weather struct {
	ID   WeatherID
	At   time.Time
	Days []WeatherDay // by date
}

// A WeatherDay is the weather of one day.
type WeatherDay struct {
	Date time.Time // the first moment of the day
	Sky  Sky
	Low  int // °C
	High int // °C
	Wind Wind
}
