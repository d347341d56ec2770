import type { CropOperation, OrientOperation, Region, Size } from "@imgq/filters";

// An orientation is R^q F^f: mirror left-right if f, then turn clockwise q times. The eight of them are closed under
// composition, because F R = R⁻¹ F.

/** The one orientation that equals `first`, then `second`. */
export function composeOrientations(first: OrientOperation, second: OrientOperation): OrientOperation {
  const turned = second.flop ? -first.quarterTurns : first.quarterTurns;
  return orientation(first.flop !== second.flop, second.quarterTurns + turned);
}

/** Whether it leaves every picture as it is. */
export function isUpright({ flop, quarterTurns }: OrientOperation): boolean {
  return !flop && quarterTurns === 0;
}

/** Whether it mirrors top to bottom: left to right, then half a turn. */
export function isFlip({ flop, quarterTurns }: OrientOperation): boolean {
  return flop && quarterTurns === 2;
}

/** The size of a picture once it is oriented. */
export function orientedSize({ quarterTurns }: OrientOperation, { width, height }: Size): Size {
  return quarterTurns % 2 === 0 ? { width, height } : { width: height, height: width };
}

/** The crop that, done before `orient`, equals `crop` done after it. */
export function cropBefore(orient: OrientOperation, crop: CropOperation): CropOperation {
  const back = inverseOrientation(orient);
  return {
    kind: "crop",
    region: (size) => {
      const after = orientedSize(orient, size);
      return orientedRegion(back, crop.region(after), after);
    },
  };
}

/** The crop that, done after `orient`, equals `crop` done before it. */
export function cropAfter(orient: OrientOperation, crop: CropOperation): CropOperation {
  const back = inverseOrientation(orient);
  return {
    kind: "crop",
    region: (size) => {
      const before = orientedSize(back, size);
      return orientedRegion(orient, crop.region(before), before);
    },
  };
}

/** Where a region of a picture of `size` is once the picture is oriented. */
function orientedRegion(orient: OrientOperation, region: Region, size: Size): Region {
  let { left, top, width, height } = region;
  let { width: across, height: down } = size;
  if (orient.flop) left = across - left - width;
  for (let turn = 0; turn < orient.quarterTurns; turn++) {
    [left, top, width, height] = [down - top - height, left, height, width];
    [across, down] = [down, across];
  }
  return { left, top, width, height };
}

/** What undoes an orientation. */
export function inverseOrientation({ flop, quarterTurns }: OrientOperation): OrientOperation {
  return orientation(flop, flop ? quarterTurns : -quarterTurns);
}

function orientation(flop: boolean, turns: number): OrientOperation {
  const quarterTurns = (((turns % 4) + 4) % 4) as OrientOperation["quarterTurns"];
  return { kind: "orient", flop, quarterTurns };
}
