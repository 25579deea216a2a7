package dev.reverie.deploy.cli;

import dev.reverie.gpu.method.Method;

/** The presets, which determine all settings that no option sets. */
enum Preset {
    /** Aims at the best set within minutes on two cores. */
    QUICK(Method.DREAM_PLUS),
    /** The published settings. */
    PAPER(Method.DREAM);

    private final Method method;

    Preset(Method method) {
        this.method = method;
    }

    /** The method if none is named and the images do not choose another one. */
    Method method() {
        return method;
    }
}
