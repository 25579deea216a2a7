/** The parts of a distillation without an end that need no actor. */
@NullMarked
package dev.reverie.actors.service;

import org.jspecify.annotations.NullMarked;
