/** Experiments on top of the product: comparisons, figures, benchmarks, and the reports that they write. */
@NullMarked
package dev.reverie.deploy.experiments;

import org.jspecify.annotations.NullMarked;
