/** Examines the engines of this machine: what is there, whether it computes correctly, and what is missing. */
@NullMarked
package dev.reverie.deploy.doctor;

import org.jspecify.annotations.NullMarked;
