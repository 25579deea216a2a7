package dev.reverie.deploy.experiments.report;

/** Text as HTML. */
final class Html {

    private Html() {}

    /** Escapes text for an element or a quoted attribute. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
