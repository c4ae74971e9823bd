package lint

import "tavle/sync/record"

// A vocabulary is the words of health of some languages.
type vocabulary struct {
	langs []record.Lang
	stems []string // a word that begins so; one of five letters or more, one that has it
	words []string // the word alone
}

// health are words that say what somebody has, takes or is treated for. What everybody
// does (to eat, to be tired, to go to the doctor's house for coffee) is not among them: a
// list that cries all day is read by nobody.
var health = []vocabulary{
	{
		langs: []record.Lang{record.Danish, record.Bokmal, record.Nynorsk, record.Swedish, record.English},
		stems: []string{
			"diagno", "demen", "alzheimer", "parkinson", "epilep", "diabet", "adhd", "covid", "corona", "insulin", "psykiat", "psykose", "psykoti", "psychiat",
			"schizo", "skizo", "bipolar", "inkontinen", "incontinen", "kateter", "catheter", "antidepress", "antibioti", "morfin", "morphin", "autis",
			"leukemi", "leukæmi", "hepatit", "reumat", "angst",
		},
		words: []string{"hiv", "aids", "kols", "kol", "copd", "mrsa", "ptsd", "ocd", "epo"},
	},
	{
		langs: []record.Lang{record.Danish},
		stems: []string{
			"kræft", "sukkersyge", "depress", "depres", "sklerose", "medicin", "indlagt", "indlægge", "udskrevet", "sygemeld", "sygdom", "liggesår", "stomi",
			"misbrug", "selvmord", "selvskad", "handicap", "hjerneskad", "hjerneblød", "blodprop", "blodprøve", "rygmarv", "lungebetænd", "blærebetænd",
			"smittet", "smitsom", "operer", "kemoterap", "dialyse", "journal", "udviklingshæmm", "amput",
		},
		words: []string{"syg", "syge"},
	},
	{
		langs: []record.Lang{record.Bokmal, record.Nynorsk},
		stems: []string{
			"kreft", "sukkersyke", "depresj", "sklerose", "medisin", "innlagt", "innleggelse", "utskrev", "sykemeld", "sjukemeld", "sykdom", "sjukdom", "liggesår",
			"stomi", "rusmis", "selvmord", "selvskad", "sjølvskad", "handikap", "hjerneskad", "hjernebløe", "hjerneslag", "blodpropp", "blodprøve", "lungebetenn",
			"urinveisinf", "smittet", "smitta", "smittsom", "operer", "kjemoterap", "cellegift", "dialyse", "pasientjournal", "utviklingshem", "amput",
		},
		words: []string{"syk", "syke", "sjuk", "sjuke"},
	},
	{
		langs: []record.Lang{record.English},
		stems: []string{
			"cancer", "depress", "sclerosis", "medication", "medicine", "hospitali", "illness", "disease", "suicid", "self-harm", "disabilit", "disabled", "pneumonia",
			"infect", "contagio", "surgery", "chemotherap", "dialysis", "amput", "bedsore", "stoma",
		},
		words: []string{"ill", "sick"},
	},
}
