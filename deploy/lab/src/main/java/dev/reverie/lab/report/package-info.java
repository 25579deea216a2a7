/** What experiments write to their folders: tables and charts. */
@NullMarked
package dev.reverie.lab.report;

import org.jspecify.annotations.NullMarked;
