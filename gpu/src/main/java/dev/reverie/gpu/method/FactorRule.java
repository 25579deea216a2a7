package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The rules by which images choose the multi-formation factor of {@link Method#DM}. Four photographs at half their size
 * tell more of a class than one does, but large images would take too much memory. Grey images and, where a class has
 * bytes for many of them, small colour images lose more at half their size than their number gains. Stores rely on
 * these rules and their marks, so neither must change.
 */
public enum FactorRule {

    /** 2 for colour images of up to 64×64 pixels, 1 for all others. */
    FEW_BYTES(-1, 0),

    /** 2 for colour images of more than 32×32 and up to 64×64 pixels, 1 for all others. */
    MANY_BYTES(-2, 32);

    private static final int LONGEST_MOSAIC_SIDE = 64;
    private static final long MANY = 16 << 10;

    private final int mark;
    private final int wholeSide;

    FactorRule(int mark, int wholeSide) {
        this.mark = mark;
        this.wholeSide = wholeSide;
    }

    /**
     * Returns the rule for classes whose pictures may take a number of bytes.
     *
     * @param bytesPerClass empty if a number of images limits the pictures instead
     */
    public static FactorRule of(OptionalLong bytesPerClass) {
        return bytesPerClass.orElse(0) >= MANY ? MANY_BYTES : FEW_BYTES;
    }

    /** Returns the rule with a mark, if there is one. */
    public static Optional<FactorRule> ofMark(int mark) {
        return Arrays.stream(values()).filter(rule -> rule.mark == mark).findFirst();
    }

    /** The negative number that a store has in place of a factor. */
    public int mark() {
        return mark;
    }

    /** Returns the factor for images of a shape, or that of the method if it is not DM. */
    public int factor(Method method, ImageShape shape) {
        int side = Math.max(shape.height(), shape.width());
        boolean mosaics = shape.channels() > 1 && side > wholeSide && side <= LONGEST_MOSAIC_SIDE;
        return method == Method.DM && mosaics ? 2 : Presets.defaultFactor(method);
    }
}
