package dev.reverie.actors.store;

import dev.reverie.actors.serialization.UnreadableDataException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/** What a failure of the store means for whoever depends on it. */
public enum StoreFailure {
    /** Bytes in the store are not what was written: repeating does not help. */
    DAMAGED,
    /** There is no room left. */
    FULL,
    /** The store does not answer; it may again. */
    UNAVAILABLE;

    private static final Set<Integer> H2_DAMAGE = Set.of(ErrorCode.FILE_CORRUPTED_1, ErrorCode.FILE_NOT_FOUND_1);
    private static final String POSTGRES_DISK_FULL = "53100";
    private static final String POSTGRES_DATA_CORRUPTED = "XX001";

    /** Judges by the first cause that tells anything. */
    public static StoreFailure of(Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(failure, cause -> cause != null, cause -> cause.getCause())
                .map(StoreFailure::judge)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(UNAVAILABLE);
    }

    private static Optional<StoreFailure> judge(@Nullable Throwable cause) {
        return switch (cause) {
            case UnreadableDataException unreadable -> Optional.of(DAMAGED);
            case MVStoreException store
            when store.getErrorCode() == DataUtils.ERROR_FILE_CORRUPT -> Optional.of(DAMAGED);
            case SQLException sql when H2_DAMAGE.contains(sql.getErrorCode()) -> Optional.of(DAMAGED);
            case SQLException sql when POSTGRES_DATA_CORRUPTED.equals(sql.getSQLState()) -> Optional.of(DAMAGED);
            case SQLException sql when POSTGRES_DISK_FULL.equals(sql.getSQLState()) -> Optional.of(FULL);
            case null -> Optional.empty();
            case Throwable other when saysFull(other) -> Optional.of(FULL);
            default -> Optional.empty();
        };
    }

    /** Java has no code for a full disk, only the words of the system. */
    private static boolean saysFull(Throwable failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }
}
