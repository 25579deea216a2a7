package dev.reverie.deploy.fetch;

/** Follows a fetch, on the thread that fetches. */
public interface FetchListener {

    /** A source is asked now, for example {@code Debian package dataset-fashion-mnist}. */
    void trying(String source);

    /** {@code bytes} of {@code total} have arrived; unit: bytes as they are kept. Begins anew with each source. */
    void progress(long bytes, long total);

    /** A source did not deliver; the next one is tried. */
    void failed(String source, String reason);

    /** Hears nothing. */
    static FetchListener silent() {
        return new FetchListener() {
            @Override
            public void trying(String source) {}

            @Override
            public void progress(long bytes, long total) {}

            @Override
            public void failed(String source, String reason) {}
        };
    }
}
