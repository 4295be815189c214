/** A QR code, dark on white in every theme so that it scans. @param path an SVG path over its dark modules */
export const QrCode = ({ size, path, label }: { size: number; path: string; label: string }) => (
  <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" className="w-36">
    <path fill="#fff" d={`M0 0h${size}v${size}H0z`} />
    <path fill="#000" d={path} />
  </svg>
);
