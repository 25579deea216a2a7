/** Tests of the distillation of a service. */
@NullMarked
package dev.reverie.actors.service;

import org.jspecify.annotations.NullMarked;
