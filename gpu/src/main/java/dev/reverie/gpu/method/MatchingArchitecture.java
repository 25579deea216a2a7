package dev.reverie.gpu.method;

import dev.reverie.gpu.Labelled;
import java.util.Locale;

/** The architectures of matching networks. */
public enum MatchingArchitecture implements Labelled {
    /** The ConvNet of DC, IDC and DREAM. */
    CONVNET,
    /** IDC's ResNetAP-10 with instance normalisation, for objectives that compare no gradients. */
    RESNET_10;

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
