package dev.reverie.gpu.nvidia;

/** The functions of the driver's library for CUDA that Reverie calls. Each throws if the driver reports an error. */
interface CudaLibrary {

    /** The newest CUDA that the driver supports, for example 12040 for 12.4. */
    int cudaVersion();

    /** Starts the driver; is called before the methods below. */
    void start();

    int devices();

    String name(int device);

    long memoryBytes(int device);

    /** The value of a numbered attribute of a device. */
    int attribute(int attribute, int device);

    /** A function that the driver lacks or that has reported an error. */
    final class CallException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int status;

        CallException(String message) {
            super(message);
            this.status = 0;
        }

        CallException(String message, Throwable cause) {
            super(message, cause);
            this.status = 0;
        }

        CallException(String function, int status) {
            super(function + " answers with error " + status);
            this.status = status;
        }

        /** The library's number of the error; 0 if it has none. */
        int status() {
            return status;
        }
    }
}
