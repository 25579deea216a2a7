package dev.reverie.streams.decode;

/** The terms that messages to senders use for the parts of a delivery, for each ingest source. */
public enum DeliveryTerms {
    HTTP("the body", "the Content-Type", "the query parameter 'label'", "the query parameter 'id'"),

    /** Files of a watched folder; their ids are generated. */
    FOLDER("the file", "the file name", "the name of the file's folder", "the id of the file"),

    KAFKA("the record", "the record header 'content-type'", "the record header 'label'", "the record header 'id'");

    private final String content;
    private final String declaration;
    private final String label;
    private final String id;

    DeliveryTerms(String content, String declaration, String label, String id) {
        this.content = content;
        this.declaration = declaration;
        this.label = label;
        this.id = id;
    }

    /** Names the bytes of the delivery. */
    String content() {
        return content;
    }

    /** Names what declares the format of a single image. */
    String declaration() {
        return declaration;
    }

    /** Names the source of a single image's label. */
    String label() {
        return label;
    }

    /** Names the source of a single image's id. */
    String id() {
        return id;
    }
}
