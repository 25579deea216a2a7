/** The daemon: a service with its doors and outlets, from its configuration to its last save. */
@NullMarked
package dev.reverie.deploy.serve;

import org.jspecify.annotations.NullMarked;
