/** What a person sees while work goes on: a bar where they watch, occasional lines where a log is kept. */
@NullMarked
package dev.reverie.deploy.progress;

import org.jspecify.annotations.NullMarked;
