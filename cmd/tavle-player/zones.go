package main

// Time zones, for systems that have none: without them a wall's clock would be
// an hour or two wrong.
import _ "time/tzdata"
