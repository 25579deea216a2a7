package dev.reverie.lab.report;

import java.util.Locale;

/** Formats text and coordinates for SVG elements. */
final class SvgText {

    private SvgText() {}

    /** Formats a coordinate. */
    static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** Escapes text for an element or a quoted attribute. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
