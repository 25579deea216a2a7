package dev.reverie.gpu.evaluate;

/** The training recipes with which the results of a method were published. */
public enum PublishedRecipe {
    /** IDC and DREAM, which train a DenseNet for 400 epochs on mosaics if each class has 50 or more. */
    IDC,
    /** DC, whose program augments only the images of MNIST. */
    DC,
    /** DSA and DM. */
    DM,
    /** MTT and TESLA: the recipe of DM, with the learning rate that the student of the run has learned. */
    MTT,
    /** DANCE and TGDD: the recipe of IDC, for 1,500 epochs, with cutmix for every dataset. */
    DANCE,
    /** The demonstration of DD-Ranking for hard labels. */
    DDR,
    /**
     * RDED, with labels of the observer that chose the images. ConvNets on CIFAR-100, and all networks on Tiny
     * ImageNet, have batches of their own.
     */
    RDED;

    private static final int LARGE_IPC = 50;
    private static final int LARGE_DENSENET_EPOCHS = 400;

    /** The program trains for one epoch more than it is told. */
    private static final int DC_EPOCHS = 301;

    private static final int DANCE_EPOCHS = 1500;
    private static final int DDR_EPOCHS = 1000;
    private static final int DDR_BATCH = 128;
    private static final int RDED_TINY_BATCH = 100;
    private static final int RDED_CIFAR_100_BATCH = 25;
    private static final double RDED_CIFAR_100_RATE = 0.002;

    /** More images per class than any exception to IDC's recipe applies to. */
    private static final int MANY = Integer.MAX_VALUE;

    /**
     * The set and the networks that are trained on it.
     *
     * @param dataset name of the dataset on the command line; a dataset without published settings gets those of CIFAR
     * @param ipc number of stored images per class of the set
     * @param studentRate learning rate of a student at the end of the run that made the set, positive; used by MTT only
     */
    public record Target(
            String dataset, int ipc, int factor, int classes, EvaluationNetwork network, double studentRate) {}

    /** Whether networks are trained on the stored images as they are, with labels of an observer. */
    public boolean usesObserver() {
        return this == RDED;
    }

    public TrainingRecipe of(Target target) {
        TrainingRecipe oneTransformation = TrainingRecipe.oneTransformation(target.dataset());
        return switch (this) {
            case IDC -> idc(target);
            case DC ->
                target.dataset().equals("mnist")
                        ? oneTransformation.withAugmentation("crop|scale|rotate")
                        : oneTransformation.withoutAugmentation().withEpochs(DC_EPOCHS);
            case DM -> oneTransformation;
            case MTT -> oneTransformation.withLearningRate(target.studentRate());
            case DANCE -> TrainingRecipe.published(target.dataset(), MANY, 1).withEpochs(DANCE_EPOCHS);
            case DDR ->
                oneTransformation.withBatch(DDR_BATCH).withEpochs(DDR_EPOCHS).withSchedule(LearningRateSchedule.MIDDLE);
            case RDED -> rded(target);
        };
    }

    private static TrainingRecipe idc(Target target) {
        TrainingRecipe recipe = TrainingRecipe.published(target.dataset(), target.ipc(), target.factor());
        return target.network() == EvaluationNetwork.DENSENET && target.ipc() >= LARGE_IPC && target.factor() > 1
                ? recipe.withEpochs(LARGE_DENSENET_EPOCHS)
                : recipe;
    }

    private static TrainingRecipe rded(Target target) {
        TrainingRecipe recipe = TrainingRecipe.labelledByObserver(target.ipc(), target.factor(), target.classes());
        return switch (target.dataset()) {
            case "tiny-imagenet" -> recipe.withBatch(RDED_TINY_BATCH);
            case "cifar100" ->
                target.network().isConvNet()
                        ? recipe.withBatch(RDED_CIFAR_100_BATCH).withLearningRate(RDED_CIFAR_100_RATE)
                        : recipe;
            default -> recipe;
        };
    }
}
