import type { ReactNode } from 'react';

/** Drawn on 16 × 16 with one stroke width; they say nothing on their own and are hidden from screen readers. */
function Icon({ children, size = 18 }: { children: ReactNode; size?: number | undefined }) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.3"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

interface IconProps {
  size?: number;
}

const icon = (path: string) =>
  function PathIcon({ size }: IconProps) {
    return (
      <Icon size={size}>
        <path d={path} />
      </Icon>
    );
  };

export const OverviewIcon = icon('M2.5 13.5v-4M6.2 13.5v-11M9.8 13.5v-6M13.5 13.5v-8.5');
export const ImportIcon = icon('M8 2v7.5M5 6.8 8 9.8l3-3M2.5 10.5v3h11v-3');
export const ExploreIcon = icon(
  'M2.5 2.5h4.3v4.3H2.5zM9.2 2.5h4.3v4.3H9.2zM2.5 9.2h4.3v4.3H2.5zM9.2 9.2h4.3v4.3H9.2z',
);
export const PoliciesIcon = icon(
  'M2.5 4h5M10.5 4h3M9 2.5v3M2.5 8h1.5M7 8h6.5M5.5 6.5v3M2.5 12h7M12.5 12h1M11 10.5v3',
);
export const LabelsIcon = icon('M8.6 2.2h5.2v5.2L7.6 13.6 2.4 8.4zM11 5h.01');
export const ReportsIcon = icon('M2.5 2.5v11h11M4.5 10.5l2.8-3.2 2.2 1.8 3.7-4.6');
export const ReviewIcon = icon(
  'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6Z',
);
export const ConflictsIcon = icon('M4 2.5v4.2L8 9.5l4-2.8V2.5M8 9.5v4.2');
export const GoldIcon = icon('M8 1.8l1.9 3.9 4.3.6-3.1 3 .7 4.3L8 11.6l-3.8 2 .7-4.3-3.1-3 4.3-.6z');
export const ExportIcon = icon('M8 10V2.5M5 5.2 8 2.2l3 3M2.5 10.5v3h11v-3');
export const JobsIcon = icon('M8 2.2a5.8 5.8 0 1 0 5.8 5.8M8 5v3.2l2.2 1.6M10.8 2.9l1.3 1M12.9 5.2l.6 1.3');
export const FolderIcon = icon('M1.8 12.8V3.4h4.4l1.6 1.9h6.4v7.5z');
export const ProjectIcon = icon('M1.8 12.8V3.4h4.4l1.6 1.9h6.4v7.5zM5.3 9.3l1.8 1.7 3.4-3.4');
export const FileIcon = icon('M3.8 1.8h5.4l3 3v9.4H3.8zM9 1.8v3.2h3.2');
export const UpIcon = icon('M8 13V3M4 7l4-4 4 4');
export const SunIcon = icon(
  'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M3.2 12.8l1-1M11.8 4.2l1-1',
);
export const MoonIcon = icon('M13.4 9.6A5.8 5.8 0 0 1 6.4 2.6a5.8 5.8 0 1 0 7 7Z');
export const AutoIcon = icon(
  'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2ZM8 2.2v11.6M8 5l3-1.5M8 8.2l5.4-1.6M8 11.4l4.8-1.6',
);
export const KeyboardIcon = icon('M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.5h6');
export const SearchIcon = icon('M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4l3.4 3.4');
export const CheckIcon = icon('M3 8.5 6.5 12 13 4.5');
export const PersonIcon = icon(
  'M8 2.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4ZM2.8 13.8c.4-2.6 2.4-4 5.2-4s4.8 1.4 5.2 4',
);
