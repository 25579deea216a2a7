// Some of the kernels of Kernels.java, in its notation. `Real` is float or double, EPSILON that of Kernels.java, and
// SAFETY that of GradientDistance.java. All sums are in a fixed order, so that every run gives the same bits.
//
// In the norm-ReLU-pool and its derivatives, a thread block computes one plane, height x width pixels, and reads it from
// the cache after the first time; the threads form a grid whose width suits the plane.

#define FOR_PIXELS(row, column, height, width)                              \
    for (int row = threadIdx.y; row < (height); row += blockDim.y)          \
        for (int column = threadIdx.x; column < (width); column += blockDim.x)

// Replaces each value by its sum over all threads of the block, whose number is a multiple of 32.
template <typename T, int COUNT>
__device__ void sum_over_block(T (&values)[COUNT]) {
    __shared__ T of_warps[COUNT][32];
    int thread = threadIdx.y * blockDim.x + threadIdx.x;
    int warps = blockDim.x * blockDim.y / 32;
    __syncthreads();  // the sums of an earlier call have been read
    for (int i = 0; i < COUNT; i++) {
        for (int distance = 16; distance > 0; distance /= 2) {
            values[i] += __shfl_xor_sync(0xffffffff, values[i], distance);
        }
        if (thread % 32 == 0) {
            of_warps[i][thread / 32] = values[i];
        }
    }
    __syncthreads();
    for (int i = 0; i < COUNT; i++) {
        T sum = 0;
        for (int warp = 0; warp < warps; warp++) {
            sum += of_warps[i][warp];
        }
        values[i] = sum;
    }
}

// What all passes know of a plane.
struct Plane {
    const Real *z;
    int height, width, pooled_height, pooled_width;
    Real mean, inverse, scale, shift;

    __device__ Plane(const Real *z, const Real *statistics, const Real *scale, const Real *shift, int channels,
                     int height, int width)
        : z(z + (size_t) blockIdx.x * height * width), height(height), width(width), pooled_height(height / 2),
          pooled_width(width / 2), mean(statistics[2 * (size_t) blockIdx.x]),
          inverse(statistics[2 * (size_t) blockIdx.x + 1]), scale(scale[blockIdx.x % channels]),
          shift(shift[blockIdx.x % channels]) {}

    __device__ Real hat(int row, int column) const { return (z[row * width + column] - mean) * inverse; }

    __device__ bool active(Real hat) const { return scale * hat + shift > 0; }

    // The derivative with respect to the input of the ReLU.
    __device__ Real unpooled(const Real *dp, int row, int column, Real hat) const {
        bool pooled = row / 2 < pooled_height && column / 2 < pooled_width;
        return pooled && active(hat) ? dp[row / 2 * pooled_width + column / 2] / 4 : 0;
    }

    // The same plane of another tensor.
    __device__ const Real *of(const Real *planes) const { return planes + (size_t) blockIdx.x * height * width; }
    __device__ Real *of(Real *planes) const { return planes + (size_t) blockIdx.x * height * width; }
    __device__ const Real *pooled(const Real *planes) const {
        return planes + (size_t) blockIdx.x * pooled_height * pooled_width;
    }
    __device__ Real *pooled(Real *planes) const {
        return planes + (size_t) blockIdx.x * pooled_height * pooled_width;
    }
};

extern "C" __global__ void norm_relu_pool(const Real *z, const Real *scale, const Real *shift, Real *statistics,
                                          Real *p, int channels, int height, int width) {
    const Real *own = z + (size_t) blockIdx.x * height * width;
    Real sum[1] = {0};
    FOR_PIXELS(row, column, height, width) { sum[0] += own[row * width + column]; }
    sum_over_block(sum);
    Real pixels = (Real) height * width;
    Real mean = sum[0] / pixels;
    Real squares[1] = {0};
    FOR_PIXELS(row, column, height, width) {
        Real difference = own[row * width + column] - mean;
        squares[0] += difference * difference;
    }
    sum_over_block(squares);
    Real inverse = 1 / sqrt(squares[0] / pixels + (Real) EPSILON);
    if (threadIdx.x == 0 && threadIdx.y == 0) {
        statistics[2 * (size_t) blockIdx.x] = mean;
        statistics[2 * (size_t) blockIdx.x + 1] = inverse;
    }
    Real gain = scale[blockIdx.x % channels];
    Real offset = shift[blockIdx.x % channels];
    int pooled_height = height / 2;
    int pooled_width = width / 2;
    Real *pooled = p + (size_t) blockIdx.x * pooled_height * pooled_width;
    FOR_PIXELS(row, column, pooled_height, pooled_width) {
        Real total = 0;
        for (int i = 0; i < 4; i++) {
            Real hat = (own[(2 * row + i / 2) * width + 2 * column + i % 2] - mean) * inverse;
            total += max(gain * hat + offset, (Real) 0);
        }
        pooled[row * pooled_width + column] = total / 4;
    }
}

// Also writes the plane's parts of dScale and dShift, [n, c] each.
extern "C" __global__ void norm_relu_pool_gradient(const Real *z, const Real *statistics, const Real *scale,
                                                   const Real *shift, const Real *dp, Real *dz, Real *scale_parts,
                                                   Real *shift_parts, int channels, int height, int width) {
    Plane plane(z, statistics, scale, shift, channels, height, width);
    const Real *pooled = plane.pooled(dp);
    Real sums[2] = {0, 0};  // of da, and of da hat
    FOR_PIXELS(row, column, height, width) {
        Real hat = plane.hat(row, column);
        Real da = plane.unpooled(pooled, row, column, hat);
        sums[0] += da;
        sums[1] += da * hat;
    }
    sum_over_block(sums);
    if (threadIdx.x == 0 && threadIdx.y == 0) {
        shift_parts[blockIdx.x] = sums[0];
        scale_parts[blockIdx.x] = sums[1];
    }
    Real pixels = (Real) height * width;
    Real factor = plane.scale * plane.inverse;
    Real mean = sums[0] / pixels;
    Real along = sums[1] / pixels;
    Real *result = plane.of(dz);
    FOR_PIXELS(row, column, height, width) {
        Real hat = plane.hat(row, column);
        result[row * width + column] = factor * (plane.unpooled(pooled, row, column, hat) - mean - hat * along);
    }
}

extern "C" __global__ void norm_relu_pool_tangent(const Real *z, const Real *statistics, const Real *scale,
                                                  const Real *shift, const Real *z_dot, const Real *scale_dot,
                                                  const Real *shift_dot, Real *p_dot, int channels, int height,
                                                  int width) {
    Plane plane(z, statistics, scale, shift, channels, height, width);
    const Real *change = plane.of(z_dot);
    Real sums[2] = {0, 0};  // of zDot, and of zDot hat
    FOR_PIXELS(row, column, height, width) {
        Real dot = change[row * width + column];
        sums[0] += dot;
        sums[1] += dot * plane.hat(row, column);
    }
    sum_over_block(sums);
    Real pixels = (Real) height * width;
    Real factor = plane.scale * plane.inverse;
    Real constant = shift_dot[blockIdx.x % channels] - factor * sums[0] / pixels;
    Real of_hat = scale_dot[blockIdx.x % channels] - factor * sums[1] / pixels;
    Real *result = plane.pooled(p_dot);
    FOR_PIXELS(row, column, plane.pooled_height, plane.pooled_width) {
        Real total = 0;
        for (int i = 0; i < 4; i++) {
            int y = 2 * row + i / 2;
            int x = 2 * column + i % 2;
            Real hat = plane.hat(y, x);
            total += plane.active(hat) ? constant + hat * of_hat + change[y * width + x] * factor : 0;
        }
        result[row * plane.pooled_width + column] = total / 4;
    }
}

// Also writes the plane's parts of the changes of dScale and dShift, [n, c] each.
extern "C" __global__ void norm_relu_pool_gradient_tangent(
    const Real *z, const Real *statistics, const Real *scale, const Real *shift, const Real *z_dot,
    const Real *scale_dot, const Real *dp, const Real *dp_dot, Real *dz_dot, Real *scale_parts, Real *shift_parts,
    int channels, int height, int width) {
    Plane plane(z, statistics, scale, shift, channels, height, width);
    const Real *change = plane.of(z_dot);
    const Real *pooled = plane.pooled(dp);
    const Real *pooled_dot = plane.pooled(dp_dot);
    Real sums[7] = {0, 0, 0, 0, 0, 0, 0};
    FOR_PIXELS(row, column, height, width) {
        Real hat = plane.hat(row, column);
        Real dot = change[row * width + column];
        Real da = plane.unpooled(pooled, row, column, hat);
        Real da_dot = plane.unpooled(pooled_dot, row, column, hat);
        sums[0] += da;
        sums[1] += da * hat;
        sums[2] += da_dot;
        sums[3] += da_dot * hat;
        sums[4] += dot;
        sums[5] += dot * hat;
        sums[6] += da * dot;
    }
    sum_over_block(sums);
    Real pixels = (Real) height * width;
    for (int i = 0; i < 7; i++) {
        sums[i] /= pixels;
    }
    Real da_mean = sums[0], da_along = sums[1], da_dot_mean = sums[2], da_dot_along = sums[3];
    Real dot_mean = sums[4], dot_along = sums[5];
    Real inverse = plane.inverse;
    Real gain_dot = scale_dot[blockIdx.x % channels];
    // hatDot = inverse (zDot - mean of zDot - hat (mean of zDot hat)); this is the mean of its product with da
    Real da_along_hat_dot = inverse * (sums[6] - dot_mean * da_mean - dot_along * da_along);
    if (threadIdx.x == 0 && threadIdx.y == 0) {
        scale_parts[blockIdx.x] = (da_dot_along + da_along_hat_dot) * pixels;
        shift_parts[blockIdx.x] = da_dot_mean * pixels;
    }
    Real inverse_dot = -inverse * inverse * dot_along;
    Real correlation = plane.scale * da_along;
    Real correlation_dot = plane.scale * (da_dot_along + da_along_hat_dot) + gain_dot * da_along;
    Real of_da = inverse_dot * plane.scale + inverse * gain_dot;
    Real of_da_dot = inverse * plane.scale;
    Real of_dot = -inverse * inverse * correlation;
    Real of_hat = inverse * (inverse * correlation * dot_along - correlation_dot) - inverse_dot * correlation;
    Real constant = inverse * (inverse * correlation * dot_mean - plane.scale * da_dot_mean - gain_dot * da_mean)
        - inverse_dot * plane.scale * da_mean;
    Real *result = plane.of(dz_dot);
    FOR_PIXELS(row, column, height, width) {
        Real hat = plane.hat(row, column);
        result[row * width + column] = constant + hat * of_hat + change[row * width + column] * of_dot
            + plane.unpooled(pooled, row, column, hat) * of_da
            + plane.unpooled(pooled_dot, row, column, hat) * of_da_dot;
    }
}

// Sums the parts of each channel, [n, c], over the samples; a thread block computes one channel.
extern "C" __global__ void sum_samples(const Real *scale_parts, const Real *shift_parts, Real *scale, Real *shift,
                                       int samples, int channels) {
    Real sums[2] = {0, 0};
    for (int sample = threadIdx.x; sample < samples; sample += blockDim.x) {
        sums[0] += scale_parts[(size_t) sample * channels + blockIdx.x];
        sums[1] += shift_parts[(size_t) sample * channels + blockIdx.x];
    }
    sum_over_block(sums);
    if (threadIdx.x == 0) {
        scale[blockIdx.x] = sums[0];
        shift[blockIdx.x] = sums[1];
    }
}

// A step of SGD with momentum and weight decay.
extern "C" __global__ void descend(Real *p, Real *v, const Real *g, double rate, double momentum, double decay,
                                   int elements) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < elements) {
        v[i] = (Real) momentum * v[i] + (g[i] + (Real) decay * p[i]);
        p[i] -= (Real) rate * v[i];
    }
}

// The distance between two gradients of the weights of one unit, and its derivative with respect to the second one, as
// GradientDistance.java defines them, in double precision; a thread block computes one unit.
extern "C" __global__ void unit_distances(const Real *real, const Real *synthetic, Real *derivative, double *distances,
                                          int kind, int length) {
    const int MSE = 0, L1 = 1, L1_MEAN = 2;
    size_t start = (size_t) blockIdx.x * length;
    double sums[4] = {0, 0, 0, 0};  // of the terms of a difference, of x y, of x squared and of y squared
    for (int i = threadIdx.x; i < length; i += blockDim.x) {
        double x = real[start + i];
        double y = synthetic[start + i];
        sums[0] += kind == MSE ? (y - x) * (y - x) : fabs(y - x);
        sums[1] += x * y;
        sums[2] += x * x;
        sums[3] += y * y;
    }
    sum_over_block(sums);
    double denominator = sqrt(sums[2]) * sqrt(sums[3]) + SAFETY;
    double cosine = sums[1] / denominator;
    double shrink = sums[3] > 0 ? cosine * sqrt(sums[2]) / sqrt(sums[3]) : 0;
    if (threadIdx.x == 0) {
        distances[blockIdx.x] = kind == MSE || kind == L1 ? sums[0] : kind == L1_MEAN ? sums[0] / length : 1 - cosine;
    }
    for (int i = threadIdx.x; i < length; i += blockDim.x) {
        double x = real[start + i];
        double y = synthetic[start + i];
        double sign = (y > x) - (y < x);
        derivative[start + i] = kind == MSE ? 2 * (y - x)
            : kind == L1                    ? sign
            : kind == L1_MEAN               ? sign / length
                                            : (shrink * y - x) / denominator;
    }
}

// The weights with which a convolution computes its adjoint, [in, out, 3, 3], from [out, in, 3, 3].
extern "C" __global__ void adjoint_weights(const Real *w, Real *adjoint, int outputs, int inputs) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < outputs * inputs * 9) {
        int tap = i % 9;
        int output = i / 9 % outputs;
        int input = i / 9 / outputs;
        adjoint[i] = w[(output * inputs + input) * 9 + 8 - tap];
    }
}
