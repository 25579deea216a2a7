/** The distillation of a service: classes come and go, converge and wake while the loops continue. */
@NullMarked
package dev.reverie.actors.service;

import org.jspecify.annotations.NullMarked;
