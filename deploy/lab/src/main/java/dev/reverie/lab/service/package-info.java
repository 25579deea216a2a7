/** The services that experiments and benchmarks start for themselves. */
@NullMarked
package dev.reverie.lab.service;

import org.jspecify.annotations.NullMarked;
