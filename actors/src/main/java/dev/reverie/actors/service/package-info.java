/** A distillation without an end: classes come and go, converge and wake, while the loops go on. */
@NullMarked
package dev.reverie.actors.service;

import org.jspecify.annotations.NullMarked;
