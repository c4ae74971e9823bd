// Package boot boots machines in an emulator and looks at what is on their glass:
// real kernels and drivers, though slow. It is tests only, behind the build tag
// vm, because they need an emulator and a kernel: `make kms-vm` gets both and
// runs them. The program that runs in the machine is in guest.
package boot
