package dev.reverie.deploy.config;

import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.StoredRegistry;
import dev.reverie.actors.store.Flush;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoredFactor;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.method.FactorRule;
import dev.reverie.gpu.method.Method;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of the store.
 *
 * @param flush when the embedded store flushes its commits to the disk
 * @param postgres PostgreSQL server to use instead of the folder, if any
 */
public record StoreConfig(Path folder, Flush flush, Optional<Postgres> postgres) {

    /**
     * A PostgreSQL server.
     *
     * @param url JDBC URL without credentials, for example {@code jdbc:postgresql://host:5432/reverie}
     */
    public record Postgres(String url, String user, Secret password) {}

    /** A string that is never printed. */
    public record Secret(String value) {

        static final String HIDDEN = "(hidden)";

        @Override
        public String toString() {
            return HIDDEN;
        }
    }

    /**
     * An open store.
     *
     * @param factor multi-formation factor of all images in the store
     */
    public record Opened(Store store, StoredFactor factor) {}

    static StoreConfig read(ConfigSection store) {
        ConfigSection postgres = store.at("postgres");
        Path folder = store.path("folder");
        Flush flush = store.constant("flush", Flush.class);
        Optional<String> url = postgres.optionalText("url");
        postgres.require(
                url.filter(text -> !text.startsWith("jdbc:postgresql:") || text.contains("password="))
                        .isEmpty(),
                "url",
                "it must be like jdbc:postgresql://host:5432/reverie, without a password");
        String user = postgres.optionalText("user").orElse("");
        Secret password = new Secret(postgres.optionalText("password").orElse(""));
        return new StoreConfig(folder, flush, url.map(text -> new Postgres(text, user, password)));
    }

    /**
     * Opens the store.
     *
     * @param shared whether to open it together with other nodes of a cluster, rather than alone; requires a server
     * @param factor multi-formation factor of the memory; empty for that of the store, or else the one that the images
     *     choose
     * @param rule rule by which they choose it if the store has none yet
     * @param size size of all images; if empty, they may have any size
     * @throws StoreException if a process uses the store that cannot share it, or if the store cannot be read, has
     *     another format, contains a memory with another factor or size of images, or has a factor for which this size
     *     is too small
     */
    public Opened open(boolean shared, OptionalInt factor, FactorRule rule, Optional<TargetSize> size) {
        Store store = open(shared);
        try {
            size.ifPresent(wanted -> requireSize(store, wanted));
            StoredFactor agreed =
                    factor.isPresent() ? agreed(store, shared, factor.getAsInt()) : store.letImagesChooseFactor(rule);
            size.ifPresent(wanted -> agreed.fixed().ifPresent(stored -> requireCells(store, wanted, stored)));
            return new Opened(store, agreed);
        } catch (StoreException failure) {
            store.close();
            throw failure;
        }
    }

    private static StoredFactor agreed(Store store, boolean shared, int factor) {
        if (shared) {
            store.requireFactor(factor);
        } else {
            store.requireFactor(factor, rule -> chosen(store, rule, factor));
        }
        return new StoredFactor(store.name(), factor);
    }

    /**
     * The factor that the images in a store have chosen: any, hence the wanted one, if there are none; empty if a
     * damaged list of classes hides their shape.
     */
    private static OptionalInt chosen(Store store, FactorRule rule, int wanted) {
        return store.damage().of(ClassRegistryActor.PERSISTENCE_ID.id()).isPresent()
                ? OptionalInt.empty()
                : OptionalInt.of(StoredRegistry.shapeIn(store)
                        .map(shape -> rule.factor(Method.DM, shape))
                        .orElse(wanted));
    }

    private static void requireSize(Store store, TargetSize wanted) {
        StoredRegistry.shapeIn(store).filter(shape -> !wanted.fits(shape)).ifPresent(shape -> {
            String stored = shape.width() + "x" + shape.height();
            throw new StoreException("the store " + store.name() + " has images of " + stored + " pixels, not " + wanted
                    + ": set reverie.ingest.resize to " + stored + ", or start a new store");
        });
    }

    private static void requireCells(Store store, TargetSize wanted, int factor) {
        if (Math.min(wanted.width(), wanted.height()) < factor) {
            throw new StoreException("the store " + store.name() + " has factor " + factor + ", for which " + wanted
                    + " pixels are too small: set reverie.ingest.resize to at least " + factor + "x" + factor
                    + ", or start a new store");
        }
    }

    private Store open(boolean shared) {
        if (postgres.isEmpty()) {
            return Store.inFolder(folder, flush);
        }
        Postgres server = postgres.get();
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
