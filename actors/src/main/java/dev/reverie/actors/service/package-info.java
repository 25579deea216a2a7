/** The distillation of a service: classes join and are forgotten, converge and wake while the loops continue. */
@NullMarked
package dev.reverie.actors.service;

import org.jspecify.annotations.NullMarked;
