/** What a comparison of sets shows a person: a table, curves, one HTML page. */
@NullMarked
package dev.reverie.deploy.experiments.report;

import org.jspecify.annotations.NullMarked;
