/** Tests of the files with which Reverie is installed: Dockerfile, Compose, Kubernetes and systemd. */
@NullMarked
package dev.reverie.deploy.packaging;

import org.jspecify.annotations.NullMarked;
