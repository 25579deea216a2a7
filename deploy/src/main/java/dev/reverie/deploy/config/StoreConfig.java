package dev.reverie.deploy.config;

import dev.reverie.actors.registry.StoredRegistry;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.gpu.dataset.TargetSize;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of the store.
 *
 * @param folder folder of the embedded store
 * @param postgres PostgreSQL server to use instead of the folder, if any
 */
public record StoreConfig(Path folder, Optional<Postgres> postgres) {

    /**
     * A PostgreSQL server.
     *
     * @param url JDBC URL without credentials, for example {@code jdbc:postgresql://host:5432/reverie}
     */
    public record Postgres(String url, String user, Secret password) {}

    static StoreConfig read(ConfigSection store) {
        ConfigSection postgres = store.at("postgres");
        Path folder = store.path("folder");
        Optional<String> url = postgres.optionalText("url");
        postgres.require(
                url.filter(text -> !text.startsWith("jdbc:postgresql:") || text.contains("password="))
                        .isEmpty(),
                "url",
                "it must be like jdbc:postgresql://host:5432/reverie, without a password");
        String user = postgres.optionalText("user").orElse("");
        Secret password = new Secret(postgres.optionalText("password").orElse(""));
        return new StoreConfig(folder, url.map(text -> new Postgres(text, user, password)));
    }

    /**
     * Opens the store.
     *
     * @param shared whether to open it together with other nodes of a cluster, rather than alone; requires a server
     * @param factor multi-formation factor of the memory; empty if the images choose it
     * @param size size of all images; if empty, they may have any size
     * @throws StoreException if a process uses the store that cannot share it, or if the store cannot be read, has
     *     another format, or contains a memory with another factor or size of images
     */
    public Store open(boolean shared, OptionalInt factor, Optional<TargetSize> size) {
        Store store = open(shared);
        try {
            factor.ifPresentOrElse(store::requireFactor, store::letImagesChooseFactor);
            size.ifPresent(wanted -> requireSize(store, wanted));
            return store;
        } catch (StoreException failure) {
            store.close();
            throw failure;
        }
    }

    private static void requireSize(Store store, TargetSize wanted) {
        StoredRegistry.shapeIn(store).filter(shape -> !wanted.fits(shape)).ifPresent(shape -> {
            String stored = shape.width() + "x" + shape.height();
            throw new StoreException("the store " + store.name() + " has images of " + stored + " pixels, not " + wanted
                    + ": set reverie.ingest.resize to " + stored + ", or start a new store");
        });
    }

    private Store open(boolean shared) {
        return postgres.map(server -> open(shared, server)).orElseGet(() -> Store.inFolder(folder));
    }

    private static Store open(boolean shared, Postgres server) {
        String password = server.password().value();
        return shared
                ? Store.sharedOnPostgres(server.url(), server.user(), password)
                : Store.onPostgres(server.url(), server.user(), password);
    }

    /** Returns the name of the store for messages, without credentials. */
    public String name() {
        return postgres.map(Postgres::url).orElseGet(folder::toString);
    }
}
