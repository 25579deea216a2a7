package dev.reverie.deploy.fetch;

/** A fetch that nobody observes. */
final class SilentFetch implements FetchListener {

    @Override
    public void trying(String source) {}

    @Override
    public void progress(long bytes, long total) {}

    @Override
    public void failed(String source, String reason) {}
}
