package dev.reverie.deploy.experiments.report;

/** Text as HTML. */
final class HtmlText {

    private HtmlText() {}

    /** Escapes text for an element or a quoted attribute. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
