package dev.reverie.gpu.method;

import java.util.Locale;

/** The architectures of matching networks. */
public enum MatchingArchitecture {
    /** The ConvNet of DC, IDC and DREAM. */
    CONVNET,
    /** IDC's ResNetAP-10 with instance normalisation, for objectives that compare no gradients. */
    RESNET_10;

    /** The name of this architecture in commands, for example {@code resnet-10}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
