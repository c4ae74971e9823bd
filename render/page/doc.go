// Package page shows frames as a web page that can be touched: the wall of a
// machine without a display, or a second look at one that has one ([Tee]).
//
// The page shows people, so it is for whoever sits at this machine and nobody
// else. It is served on loopback addresses only, under a path nobody can guess;
// requests that name another host (a foreign name that was made to point here)
// or come from another site are refused; nothing is kept by the browser and
// nothing is fetched from elsewhere.
//
// What is touched is resolved against the frame the looker's browser had drawn,
// not the one that is on its way. Pictures are encoded only while somebody
// looks, and nothing runs while nothing changes.
package page
