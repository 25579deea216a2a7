package dev.reverie.deploy.fetch;

/** Observes a fetch. All methods are called on the thread that performs the fetch. */
public interface FetchListener {

    /** Called before a source is tried, for example {@code Debian package dataset-fashion-mnist}. */
    void trying(String source);

    /**
     * Reports that {@code bytes} of about {@code total} bytes have arrived. The count starts again with each source.
     */
    void progress(long bytes, long total);

    /** Called when a source has failed, before the next one is tried. */
    void failed(String source, String reason);
}
