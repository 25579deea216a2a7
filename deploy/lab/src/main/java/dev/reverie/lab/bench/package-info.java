/** Benchmarks of the engine, of inner loops, of telemetry and of a service on this machine. */
@NullMarked
package dev.reverie.lab.bench;

import org.jspecify.annotations.NullMarked;
