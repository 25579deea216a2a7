/** A service for the tests of its doors and outlets. */
@NullMarked
package dev.reverie.streams.service;

import org.jspecify.annotations.NullMarked;
