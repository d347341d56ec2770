"""Does the bench's works with OpenCV or Pillow. Reads one JSON order a line, answers with the milliseconds it took."""
import json
import sys
import time

library, way, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
# Not the steps of the other contestants but what comes near for less: the jpeg's own luma, decoded without its colours,
# for grey pixels, and |gx| + |gy| for the gradient's magnitude.
short_cuts = way == "short-cuts"
GREY = ("grayscale", "edges", "four")

if library == "opencv":
    import cv2
    import numpy

    cv2.setNumThreads(threads)
    version = cv2.__version__
    QUALITY = [cv2.IMWRITE_JPEG_QUALITY, 80]
    kept = {}

    def room(name, shape, kind):
        """Memory that is kept from picture to picture, which at 12 MP is a tenth faster than new memory each time."""
        if name not in kept or kept[name].shape != shape:
            kept[name] = numpy.empty(shape, kind)
        return kept[name]

    def derivative(grey, across, depth, kind):
        into = room("across" if across else "down", grey.shape, kind)
        return cv2.Sobel(grey, depth, across, 1 - across, into, borderType=cv2.BORDER_REPLICATE)

    def magnitude(grey):
        across, down = (derivative(grey, axis, cv2.CV_32F, numpy.float32) for axis in (1, 0))
        return cv2.convertScaleAbs(cv2.magnitude(across, down, across), room("edges", grey.shape, numpy.uint8))

    def sum_of_sides(grey):
        across, down = (derivative(grey, axis, cv2.CV_16S, numpy.int16) for axis in (1, 0))
        edges = cv2.convertScaleAbs(across, room("edges", grey.shape, numpy.uint8))
        other = cv2.convertScaleAbs(down, room("other", grey.shape, numpy.uint8))
        return cv2.add(edges, other, edges)

    def work(name, source, target):
        if name == "thumbnail":
            # The largest reduction while decoding that leaves more than is wanted.
            image = cv2.imread(source, cv2.IMREAD_REDUCED_COLOR_4)
            height = round(image.shape[0] * 320 / image.shape[1])
            image = cv2.resize(image, (320, height), interpolation=cv2.INTER_AREA)
        elif short_cuts:
            image = cv2.imread(source, cv2.IMREAD_GRAYSCALE)
        else:
            image = cv2.imread(source)
        if name in GREY and not short_cuts:
            image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        if name in ("blur", "four"):
            image = cv2.GaussianBlur(image, (0, 0), 2, borderType=cv2.BORDER_REPLICATE)
        if name in ("brightness", "four"):
            image = cv2.convertScaleAbs(image, alpha=1.2)
        if name in ("edges", "four"):
            image = sum_of_sides(image) if short_cuts else magnitude(image)
        paused = time.perf_counter()
        if name == "codec":
            image = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        resumed = time.perf_counter()
        cv2.imwrite(target, image, QUALITY)
        return resumed - paused

else:
    import PIL
    from PIL import Image, ImageChops, ImageEnhance, ImageFilter

    version = PIL.__version__
    ACROSS = ImageFilter.Kernel((3, 3), (-1, 0, 1, -2, 0, 2, -1, 0, 1), scale=1)
    BACK = ImageFilter.Kernel((3, 3), (1, 0, -1, 2, 0, -2, 1, 0, -1), scale=1)
    DOWN = ImageFilter.Kernel((3, 3), (-1, -2, -1, 0, 0, 0, 1, 2, 1), scale=1)
    UP = ImageFilter.Kernel((3, 3), (1, 2, 1, 0, 0, 0, -1, -2, -1), scale=1)

    def sobel(grey):
        # A kernel clips what is negative, so both directions of both derivatives are needed.
        across = ImageChops.add(grey.filter(ACROSS), grey.filter(BACK))
        down = ImageChops.add(grey.filter(DOWN), grey.filter(UP))
        return ImageChops.add(across, down)

    def work(name, source, target):
        image = Image.open(source)
        if name == "thumbnail":
            image.thumbnail((320, 320 * image.height // image.width + 1))
        if name in GREY:
            if short_cuts:
                image.draft("L", image.size)
            image = image.convert("L")
        if name in ("blur", "four"):
            image = image.filter(ImageFilter.GaussianBlur(2))
        if name in ("brightness", "four"):
            image = ImageEnhance.Brightness(image).enhance(1.2)
        if name in ("edges", "four"):
            image = sobel(image)
        if name == "codec":
            image.load()
        paused = time.perf_counter()
        if name == "codec":
            image = image.convert("L")
        resumed = time.perf_counter()
        image.save(target, quality=80)
        return resumed - paused


print(json.dumps({"version": version}), flush=True)
for line in sys.stdin:
    order = json.loads(line)
    begun = time.perf_counter()
    uncounted = work(order["work"], order["input"], order["output"])
    print(json.dumps({"ms": (time.perf_counter() - begun - uncounted) * 1000}), flush=True)
